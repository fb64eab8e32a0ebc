// The annotator's keys and preferences. Changes reject, so that the overlay can say why.

import type { LabelBackend } from "../../backend";
import type { LabelSetup } from "../../bindings/LabelSetup";

export class Settings {
  setup = $state.raw<LabelSetup | null>(null);

  #backend: LabelBackend;

  constructor(backend: LabelBackend) {
    this.#backend = backend;
  }

  async load() {
    this.setup = await this.#backend.setup();
  }

  async prefer(change: Partial<LabelSetup["preferences"]>) {
    if (!this.setup) return;
    const preferences = await this.#backend.preferences({ ...this.setup.preferences, ...change });
    this.setup = { ...this.setup, preferences };
  }

  async bind(...given: Parameters<LabelBackend["bind"]>) {
    const keys = await this.#backend.bind(...given);
    if (this.setup) this.setup = { ...this.setup, keys };
  }

  async resetKeys() {
    const keys = await this.#backend.resetKeys();
    if (this.setup) this.setup = { ...this.setup, keys };
  }
}
