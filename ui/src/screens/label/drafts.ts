// What was chosen or typed and not committed. It outlives the question's leaving the screen.

import type { Confidence } from "../../bindings/Confidence";
import type { ScreenVerdict } from "../../bindings/ScreenVerdict";

export interface Draft {
  verdict: ScreenVerdict | null;
  confidence: Confidence | null;
  reason: string;
}

/** An answer as Rust tells it. */
interface Said {
  readonly verdict: ScreenVerdict | null;
  readonly confidence: Confidence | null;
  readonly rationale: string;
}

/** Criteria of a pair: those added, and the one being written. */
export interface Written {
  readonly list: readonly string[];
  readonly text: string;
}

export function emptyDraft(): Draft {
  return { verdict: null, confidence: null, reason: "" };
}

/** What had been said, as a draft. */
export function draftOf({ verdict, confidence, rationale: reason }: Said): Draft {
  return { verdict, confidence, reason };
}

export class Drafts {
  #votes = new Map<string, Draft>();
  #criteria = new Map<string, Written>();

  vote(assignment: string): Draft | undefined {
    return this.#votes.get(assignment);
  }

  keepVote(assignment: string, draft: Draft) {
    this.#votes.set(assignment, { ...draft });
  }

  dropVote(assignment: string) {
    this.#votes.delete(assignment);
  }

  criteria(pair: string): Written {
    return this.#criteria.get(pair) ?? { list: [], text: "" };
  }

  keepCriteria(pair: string, written: Written) {
    this.#criteria.set(pair, { list: [...written.list], text: written.text });
  }

  dropCriteria(pair: string) {
    this.#criteria.delete(pair);
  }
}
