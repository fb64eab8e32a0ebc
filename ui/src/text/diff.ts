// What differs between two texts, by words.

import { diffArrays } from "diff";

import { chunks } from "./chunks";

export interface Piece {
  readonly text: string;
  /** Whether the other side lacks it. */
  readonly changed: boolean;
}

export interface TextDiff {
  readonly left: Piece[];
  readonly right: Piece[];
}

const WORDS = /[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu;
/** Scripts that write no spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/;
/** `Intl.Segmenter` takes time that grows with the square of a text, so it gets little at a time. */
const RUN = 200;

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

/** Words, spaces and marks; joined again they are the text. */
export function tokens(text: string): string[] {
  const words = text.match(WORDS) ?? [];
  if (segmenter === null || !UNSPACED.test(text)) return words;
  return words.flatMap((word) =>
    UNSPACED.test(word)
      ? chunks(word, RUN).flatMap((run) => Array.from(segmenter.segment(run), (part) => part.segment))
      : [word],
  );
}

/** The difference, or null where finding it takes longer than `timeoutMs`. */
export function wordDiff(left: string, right: string, timeoutMs: number): TextDiff | null {
  const changes = diffArrays(tokens(left), tokens(right), { timeout: timeoutMs });
  if (changes === undefined) return null;
  const sides: { left: Piece[]; right: Piece[] } = { left: [], right: [] };
  for (const change of changes) {
    const text = change.value.join("");
    if (!change.added) push(sides.left, text, change.removed);
    if (!change.removed) push(sides.right, text, change.added);
  }
  return sides;
}

function push(pieces: Piece[], text: string, changed: boolean) {
  pieces.push({ text, changed });
}
