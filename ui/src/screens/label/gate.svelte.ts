// When the screen takes keys: both sides ready, and a quarter of a second gone since.

import { SETTLE_MS } from "../../keys";

export class Gate {
  left = $state(false);
  right = $state(false);
  /** Since when both are ready. */
  since = $state<number | null>(null);
  /** Both were ready for long enough. */
  open = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly now: () => number) {}

  /** A question was shown, or a side became ready or ceased to be. */
  update(both: boolean) {
    clearTimeout(this.#timer);
    this.open = false;
    this.since = both ? this.now() : null;
    if (both) this.#timer = setTimeout(() => (this.open = true), SETTLE_MS + 1);
  }
}
