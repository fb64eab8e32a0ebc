// What keeps two films on one clock. Whoever is ahead waits, whoever is behind is put right; the one
// that tells the time is never touched. A change of pace would be gentler on paper, but WebKitGTK
// empties its pipeline for each and loses about 0.1 s.

/** From here on two films are visibly apart, in seconds. */
export const APART_S = 0.08;
/** A wait longer than this would look like a fault. */
const FAR_S = 0.4;
/** So long a seek takes until the film moves again, before anything is known. */
export const LATE_S = 0.06;
/** What one seek missed is known after this long. */
const SETTLED_S = 1;

export type Correction =
  | { readonly kind: "none" }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "seek"; readonly to: number };

const NONE: Correction = { kind: "none" };

/** One film's way of staying with the clock. Times are in seconds. */
export class Follower {
  #off = 0;
  #late = LATE_S;
  #seekAt = -Infinity;
  #learned = true;

  /** What to do with a film that stands at `at` while the clock says `clock`; asked a few times a
      second. A single measurement is not believed. */
  next(at: number, clock: number, now: number): Correction {
    const behind = clock - at;
    if (!Number.isFinite(behind) || now - this.#seekAt < SETTLED_S) return NONE;
    if (!this.#learned) {
      this.#learned = true;
      this.#late = Math.min(0.5, Math.max(0, this.#late + behind));
    }
    this.#off = Math.abs(behind) > APART_S ? this.#off + 1 : 0;
    if (this.#off < 2) return NONE;
    this.#off = 0;
    if (behind < 0 && behind >= -FAR_S) return { kind: "wait", seconds: -behind };
    this.#seekAt = now;
    this.#learned = false;
    return { kind: "seek", to: clock + this.#late };
  }
}
