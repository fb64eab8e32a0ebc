// The keys of the list of criteria. They mean something only while the list has the focus, so that
// none is in the way of a field, and `?` tells them.

export type ListAct =
  | "down" | "up" | "next-page" | "last-page" | "mark" | "unmark" | "edit" | "same" | "apart"
  | "group" | "suggest" | "search" | "protocol" | "keys";

export interface ListKey {
  readonly act: ListAct;
  /** `KeyboardEvent.key`, letters in lower case. */
  readonly keys: readonly string[];
  readonly name: string;
  readonly says: string;
}

export const LIST_KEYS: readonly ListKey[] = [
  { act: "down", keys: ["arrowdown", "j"], name: "↓ J", says: "The next criterion" },
  { act: "up", keys: ["arrowup", "k"], name: "↑ K", says: "The one before" },
  { act: "next-page", keys: ["pagedown"], name: "Page down", says: "The next page" },
  { act: "last-page", keys: ["pageup"], name: "Page up", says: "The page before" },
  { act: "mark", keys: [" ", "x"], name: "Space X", says: "Mark it, or take the mark away" },
  { act: "unmark", keys: ["escape"], name: "Esc", says: "Take all marks away" },
  { act: "edit", keys: ["enter", "e"], name: "↵ E", says: "Edit the sentence" },
  { act: "same", keys: ["s"], name: "S", says: "The marked ones say the same" },
  { act: "apart", keys: ["a"], name: "A", says: "Ask it apart again" },
  { act: "group", keys: ["g"], name: "G", says: "Put into a group, or out of one" },
  { act: "suggest", keys: ["n"], name: "N", says: "Suggestions" },
  { act: "protocol", keys: ["d"], name: "D", says: "Drops and agreement" },
  { act: "search", keys: ["/"], name: "/", says: "Search" },
  { act: "keys", keys: ["?"], name: "?", says: "These keys" },
];

/** What a press on the list means; null where it means nothing. */
export function listAct(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">): ListAct | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  const pressed = event.key.toLowerCase();
  return LIST_KEYS.find(({ keys }) => keys.includes(pressed))?.act ?? null;
}

/** The key that a button names. */
export function nameOf(act: ListAct): string {
  return LIST_KEYS.find((one) => one.act === act)?.name.split(" ").at(-1) ?? "";
}
