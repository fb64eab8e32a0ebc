// The owner's screens, in the order of the bar. A screen joins by one entry here and one branch in
// `Owner.svelte`.

export type Tab = "project" | "import" | "criteria" | "adjudicate" | "compare" | "models";

export const TABS: readonly { readonly tab: Tab; readonly says: string }[] = [
  { tab: "project", says: "Project" },
  { tab: "import", says: "Import" },
  { tab: "criteria", says: "Criteria" },
  { tab: "adjudicate", says: "Adjudicate" },
  { tab: "compare", says: "Compare" },
  { tab: "models", says: "Models" },
];
