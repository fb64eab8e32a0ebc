// What the page asks of the text worker, and what it answers.

import type { TextDiff } from "./diff";
import type { Node } from "./tree";

export type Job =
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "diff"; readonly left: string; readonly right: string };

export interface Parsed {
  readonly nodes: Node[];
  readonly notes: string[];
}

export interface Answers {
  markdown: Parsed;
  diff: TextDiff;
}

export type Request = Job & { readonly id: number };

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: Parsed | TextDiff }
  | { readonly id: number; readonly ok: false; readonly why: string };
