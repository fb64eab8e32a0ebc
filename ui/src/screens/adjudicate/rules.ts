// Rules and resolutions in words. Verdicts are the data's here: no screen has sides.

import type { Decision } from "../../bindings/Decision";
import type { ResolutionInfo } from "../../bindings/ResolutionInfo";
import type { ResolveRule } from "../../bindings/ResolveRule";
import { grouped } from "../../parts/task";
import { dropWords } from "./decisions";

/** How many resolutions are listed. */
export const LISTED = 200;

export const RULE_WORDS: Readonly<Record<ResolveRule, { name: string; says: string }>> = {
  unanimous: { name: "Unanimous", says: "all votes say the same" },
  majority: { name: "Majority", says: "more than half of the votes say the same" },
  dawid_skene: { name: "Dawid–Skene", says: "a model of who errs how gives one verdict at least p" },
};

const BY: Readonly<Record<string, string>> = {
  adjudicator: "adjudicator",
  imported: "came with the data",
};

const VERDICTS: Readonly<Record<string, string>> = {
  response1: "response 1",
  response2: "response 2",
  tie: "tie",
  both_bad: "both bad",
};

const LEAVES: Readonly<Record<string, string>> = {
  resolved_already: "resolved already",
  too_few_votes: "with too few votes",
  no_consensus: "without consensus",
  below_p: "below p",
};

/** A rule's name, a person's decision or an import included. */
export function ruleWords(rule: string): string {
  return RULE_WORDS[rule as ResolveRule]?.name ?? BY[rule] ?? rule;
}

export function decisionInData(decision: Decision): string {
  return "verdict" in decision ? (VERDICTS[decision.verdict] ?? decision.verdict) : `dropped: ${dropWords(decision.drop)}`;
}

function listed(counts: Readonly<Record<string, number>>, words: Readonly<Record<string, string>>): string {
  const known = Object.keys(words).filter((key) => (counts[key] ?? 0) > 0);
  const others = Object.keys(counts).filter((key) => !(key in words));
  const parts = [...known, ...others].map((key) => `${grouped(counts[key] ?? 0)} ${words[key] ?? key}`);
  return parts.length > 0 ? parts.join(" · ") : "none";
}

/** "12 response 1 · 3 tie", in the order of the vocabulary. */
export function verdictCounts(counts: Readonly<Record<string, number>>): string {
  return listed(counts, VERDICTS);
}

/** "4 resolved already · 2 below p". */
export function leftCounts(counts: Readonly<Record<string, number>>): string {
  return listed(counts, LEAVES);
}

/** Newest first, and no more than can be looked through. */
export function newestFirst(all: readonly ResolutionInfo[], most = LISTED): ResolutionInfo[] {
  return [...all].sort((a, b) => b.at_ms - a.at_ms || (a.resolution < b.resolution ? 1 : -1)).slice(0, most);
}

/** What one run of a rule resolved and still stands. */
export interface Batch {
  readonly id: string;
  readonly rule: string;
  readonly count: number;
  readonly at_ms: number;
}

/** The batch that a resolution was written in; null where it was written alone, or where it stands
    because another one over it was taken back. */
export function batchOf({ provenance }: Pick<ResolutionInfo, "provenance">): string | null {
  if (typeof provenance !== "object" || provenance === null || !("batch" in provenance)) return null;
  if ("reverses" in provenance && provenance.reverses !== null) return null;
  return typeof provenance.batch === "string" ? provenance.batch : null;
}

/** The runs that stand, newest first. */
export function batches(all: readonly ResolutionInfo[]): Batch[] {
  const found = new Map<string, Batch>();
  for (const one of all) {
    const id = batchOf(one);
    if (id === null) continue;
    const before = found.get(id);
    found.set(id, { id, rule: one.rule, count: (before?.count ?? 0) + 1, at_ms: Math.max(before?.at_ms ?? 0, one.at_ms) });
  }
  return [...found.values()].sort((a, b) => b.at_ms - a.at_ms);
}

const WHEN = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });

/** 2026-03-01 14:05, in local time. */
export function whenWords(ms: number): string {
  return WHEN.format(new Date(ms));
}
