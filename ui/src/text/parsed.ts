// Texts as the viewers show them: parsed once, kept for a while, parsed ahead for the next question.

import { chunks, PARSE_UP_TO } from "./chunks";
import { textClient, type TextClient } from "./client";
import type { Piece } from "./diff";
import type { Node } from "./tree";

/** A text ready to be shown; `nodes` is null where it stands as written. */
export interface Shown {
  readonly text: string;
  readonly nodes: Node[] | null;
  /** What could not be shown as meant, in words. */
  readonly notes: string[];
}

const KEPT = 12;
const kept = new Map<string, Promise<Shown>>();

/** The text, formatted where that is possible. Never rejects. */
export function shown(text: string, client: TextClient = textClient()): Promise<Shown> {
  const known = kept.get(text);
  if (known) return known;
  const made = make(text, client);
  kept.set(text, made);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return made;
}

async function make(text: string, client: TextClient): Promise<Shown> {
  if (text.length > PARSE_UP_TO) {
    return { text, nodes: null, notes: ["This text is very long and stands as written."] };
  }
  const outcome = await client.run({ kind: "markdown", text });
  if (!outcome.ok) return { text, nodes: null, notes: [`${outcome.why} It stands as written.`] };
  return { text, nodes: outcome.value.nodes, notes: outcome.value.notes };
}

/** What differs between two texts, or a sentence that says why it can't be marked. */
export type Difference =
  | { readonly left: Piece[]; readonly right: Piece[]; readonly why: null }
  | { readonly left: null; readonly right: null; readonly why: string };

/** The word difference of two texts. Never rejects. */
export async function difference(left: string, right: string, client: TextClient = textClient()): Promise<Difference> {
  if (left.length + right.length > PARSE_UP_TO) {
    return { left: null, right: null, why: "The texts are too long to mark what differs." };
  }
  const outcome = await client.run({ kind: "diff", left, right });
  if (!outcome.ok) return { left: null, right: null, why: outcome.why };
  return { ...outcome.value, why: null };
}

export { chunks };
