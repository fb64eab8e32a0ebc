// What the model says, told after the vote: never asked for before Rust has said that the vote is on
// disk, nor where the project tells nothing.

import type { LabelBackend } from "../../backend";
import type { Told } from "../../bindings/Told";
import type { RevealsReport } from "../../bindings/RevealsReport";
import type { RevealWhen } from "../../bindings/RevealWhen";

export class Teller {
  /** What the model says of the question on the screen; it stays there while one votes again. */
  told = $state.raw<Told | null>(null);
  /** The list at the end, once it was opened, and where it begins. */
  list = $state.raw<RevealsReport | null>(null);
  offset = $state(0);

  #backend: Pick<LabelBackend, "reveal" | "reveals">;
  /** The assignment that is voted on again: what the model says of it is known. */
  #again: string | null = null;

  constructor(backend: Pick<LabelBackend, "reveal" | "reveals">) {
    this.#backend = backend;
  }

  /** After a vote that is stored: whether there is something to tell that was not told before. */
  async hear(when: RevealWhen, assignment: string): Promise<boolean> {
    const again = this.#again === assignment;
    this.forget();
    if (when !== "each" || again) return false;
    // The vote is stored whatever comes of this: where nothing can be told, one simply goes on.
    try {
      const told = await this.#backend.reveal(assignment);
      if (told.again) return false;
      this.told = told;
      return true;
    } catch {
      return false;
    }
  }

  /** Votes again on what stands on the screen, or on a line of the list. */
  reconsider(told: Told) {
    this.told = told;
    this.#again = told.assignment;
  }

  /** Whether a question that comes up is the one that is voted on again. */
  keeps(assignment: string): boolean {
    return this.#again === assignment;
  }

  forget() {
    this.told = null;
    this.#again = null;
  }

  /** Opens the list, or turns its pages. */
  async open(offset = this.offset) {
    this.list = await this.#backend.reveals(offset);
    this.offset = offset;
  }

  close() {
    this.list = null;
    this.offset = 0;
  }
}
