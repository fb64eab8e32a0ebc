// What an adjudicator can decide, in words and keys of this screen: A stands left, B right.

import type { Action } from "../../bindings/Action";
import type { Binding } from "../../bindings/Binding";
import type { DropReason } from "../../bindings/DropReason";
import type { ScreenDecision } from "../../bindings/ScreenDecision";
import type { ScreenVerdict } from "../../bindings/ScreenVerdict";

export const VERDICT_WORDS: Readonly<Record<ScreenVerdict, string>> = {
  left: "A is better",
  tie: "Tie",
  both_bad: "Both bad",
  right: "B is better",
};

export interface Drop {
  readonly reason: DropReason;
  readonly action: Action;
  readonly says: string;
  /** On a button. */
  readonly short: string;
}

export const DROPS: readonly Drop[] = [
  { reason: "criterion_unclear", action: "drop_unclear", says: "criterion unclear", short: "unclear" },
  { reason: "no_consensus", action: "drop_no_consensus", says: "no consensus", short: "no consensus" },
  { reason: "broken_item", action: "drop_broken", says: "broken item", short: "broken" },
];

/** A drop's reason in words. */
export function dropWords(reason: DropReason): string {
  return DROPS.find((drop) => drop.reason === reason)?.says ?? reason;
}

/** A decision as a sentence without its full stop. */
export function decisionWords(decision: ScreenDecision): string {
  return "verdict" in decision ? VERDICT_WORDS[decision.verdict] : `Drop: ${dropWords(decision.drop)}`;
}

export function sameDecision(a: ScreenDecision, b: ScreenDecision): boolean {
  if ("verdict" in a) return "verdict" in b && a.verdict === b.verdict;
  return "drop" in b && a.drop === b.drop;
}

export function verdictOf(decision: ScreenDecision | null): ScreenVerdict | null {
  return decision !== null && "verdict" in decision ? decision.verdict : null;
}

export function dropOf(decision: ScreenDecision | null): DropReason | null {
  return decision !== null && "drop" in decision ? decision.drop : null;
}

/** Why a decision needs a reason, as a sentence; null where it needs none. `blind` is what was
    decided before the votes were shown, with its reason, or null while they aren't. */
export function reasonAsked(
  decision: ScreenDecision,
  blind: { readonly blind: ScreenDecision; readonly reason: string } | null,
): string | null {
  const kept = blind !== null && sameDecision(decision, blind.blind);
  if (blind !== null && !kept) return "The votes changed your decision: say what convinced you.";
  if (!("drop" in decision)) return null;
  if (kept && blind.reason.trim() !== "") return null;
  return "A question that is dropped needs a reason: say what is wrong with it.";
}

const HERE: Partial<Record<Action, string>> = {
  left: "A is better",
  right: "B is better",
  commit: "Decide; then keep the decision or change it",
  undo: "Take the last decision back",
};

/** The keys with this screen's words for what they do. */
export function wordedHere(keys: readonly Binding[]): Binding[] {
  return keys.map((key) => ({ ...key, says: HERE[key.action] ?? key.says }));
}

const OF_LABEL = new Set<Action>([
  ...(["left", "tie", "both_bad", "right"] as const),
  ...(["reason", "commit", "undo", "prompt", "pause", "guideline", "keys"] as const),
]);

/** Which of the label screen's keys this screen has. */
export function hasHere(action: Action): boolean {
  return OF_LABEL.has(action);
}
