// What of a pair could not be shown as meant. A viewer says so once; each question on the same
// content counts it again.

import type { Question } from "../../backend";

/** What stands on the two sides and in the prompt. */
function contentOf({ pair, prompt, left, right }: Question): string {
  const sides = [prompt, left, right].map(({ text, media }) => [text.length, ...media.map(({ id }) => id)]);
  return JSON.stringify([pair, sides]);
}

export class Fallbacks {
  #content = "";
  #said = new Set<string>();

  /** A viewer's sentence about what this question shows. */
  add(question: Question, sentence: string) {
    this.of(question);
    this.#said.add(sentence);
  }

  /** What was said of this question's content. */
  of(question: Question): readonly string[] {
    const content = contentOf(question);
    if (content !== this.#content) {
      this.#content = content;
      this.#said.clear();
    }
    return [...this.#said];
  }
}
