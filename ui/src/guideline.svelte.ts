// Reading the guideline on a screen: it opens over what stands there and closes again, and whoever
// labels is told once when a version is new to him.

import type { GuidelineText } from "./bindings/GuidelineText";
import type { Progress } from "./bindings/Progress";

/** What a person is to be told: of a guideline at all, or of a change. */
export interface GuidelineNews {
  readonly version: number;
  readonly changed: boolean;
}

export class GuidelineReader {
  /** The guideline that is being read. */
  open = $state.raw<GuidelineText | null>(null);
  news = $state.raw<GuidelineNews | null>(null);

  readonly #read: () => Promise<GuidelineText | null>;
  readonly #tell: (version: number) => Promise<unknown>;
  #told = 0;

  constructor(read: () => Promise<GuidelineText | null>, tell: (version: number) => Promise<unknown>) {
    this.#read = read;
    this.#tell = tell;
  }

  /** Opens the guideline; false where there is none. */
  async show(): Promise<boolean> {
    this.open = await this.#read();
    if (this.open === null) return false;
    this.news = null;
    this.#remember(this.open.version);
    return true;
  }

  close() {
    this.open = null;
  }

  /** A question came up: what there was to tell has been told, and a version may be new. */
  hear({ guideline, guideline_told }: Pick<Progress, "guideline" | "guideline_told">) {
    const told = Math.max(this.#told, guideline_told ?? 0);
    if (guideline === null || guideline <= told) {
      this.news = null;
      return;
    }
    this.news = { version: guideline, changed: told > 0 };
    this.#remember(guideline);
  }

  #remember(version: number) {
    if (version <= this.#told) return;
    this.#told = version;
    // What could not be written down is told again next time, which harms nobody.
    void this.#tell(version).catch(() => undefined);
  }
}
