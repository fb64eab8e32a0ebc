// How long a person really looked: the clock behind a vote's presentation.
//
// It runs while the window is visible and focused, the page is not paused, and something was
// touched within the last minute. Time is passed in, and nothing here ticks: each change closes the
// stretch before it.

import type { Attention } from "./bindings/Attention";
import { covered, merged, type Stretch } from "./viewers/media/intervals";

export const IDLE_MS = 60_000;

export type Part = "left" | "right" | "prompt";
export type Stop = "hidden" | "blurred" | "paused";

/** A `u32` on the Rust side. */
const MOST = 0xffff_ffff;

export class AttentionClock {
  #now: () => number;
  #idleMs: number;
  #at: number;
  #touched: number;
  #stops = new Set<Stop>();
  #visible = new Set<Part>();
  #elapsed = 0;
  #seen: Record<Part, number> = { left: 0, right: 0, prompt: 0 };
  #heard: Record<Part, Stretch[]> = { left: [], right: [], prompt: [] };
  #plays: Record<Part, number> = { left: 0, right: 0, prompt: 0 };
  /** What plays at the moment. */
  #sounding = new Set<Part>();
  #modes = new Set<string>();
  #fallback = new Set<string>();
  #beforeRead: (() => void)[] = [];

  constructor(now: () => number, idleMs = IDLE_MS) {
    this.#now = now;
    this.#idleMs = idleMs;
    this.#at = now();
    this.#touched = this.#at;
  }

  /** A new question stands on the screen. What is visible and what stops the clock stay. */
  restart() {
    this.#at = this.#now();
    this.#touched = this.#at;
    this.#elapsed = 0;
    this.#seen = { left: 0, right: 0, prompt: 0 };
    this.#heard = { left: [], right: [], prompt: [] };
    this.#plays = { left: 0, right: 0, prompt: 0 };
    this.#modes.clear();
    this.#fallback.clear();
  }

  /** A key, the pointer or a scroll: somebody is there. */
  touch() {
    this.#advance();
    this.#touched = this.#at;
  }

  /** The window was hidden, blurred or paused, or is so no longer. */
  stop(why: Stop, on: boolean) {
    this.#advance();
    if (on) this.#stops.add(why);
    else if (this.#stops.delete(why)) this.#touched = this.#at;
  }

  /** At least half of a part came into view, or left it. */
  show(part: Part, visible: boolean) {
    this.#advance();
    if (visible) this.#visible.add(part);
    else this.#visible.delete(part);
  }

  /** A side or the prompt was started. */
  played(part: Part) {
    this.#plays[part] += 1;
  }

  /** A stretch of its sound was played, in milliseconds of the medium. What is heard twice counts
      once; what plays to a window that nobody attends to is not heard. */
  heard(part: Part, from: number, to: number) {
    if (this.#stops.size > 0 || this.#now() - this.#touched > this.#idleMs) return;
    this.#heard[part] = merged(this.#heard[part], [from, to]);
  }

  /** A part began to play, or stopped. */
  sound(part: Part, on: boolean) {
    this.#advance();
    if (on) this.#sounding.add(part);
    else this.#sounding.delete(part);
  }

  /** Calls whoever has something to write down before every `read`. */
  beforeRead(flush: () => void) {
    this.#beforeRead.push(flush);
  }

  /** A viewer's mode was used. */
  used(mode: string) {
    this.#modes.add(mode);
  }

  /** Something could not be shown as meant. */
  fellBack(sentence: string) {
    this.#fallback.add(sentence);
  }

  /** What was measured so far. */
  read(): Attention {
    for (const flush of this.#beforeRead) flush();
    this.#advance();
    return {
      modes: [...this.#modes],
      gain_db: [0, 0],
      seen_ms: [whole(this.#seen.left), whole(this.#seen.right)],
      heard_ms: [whole(covered(this.#heard.left)), whole(covered(this.#heard.right))],
      prompt_ms: whole(this.#seen.prompt),
      plays: [this.#plays.left, this.#plays.right],
      elapsed_ms: whole(this.#elapsed),
      fallback: [...this.#fallback],
    };
  }

  #advance() {
    const from = this.#at;
    const to = this.#now();
    this.#at = to;
    const until = this.#stops.size > 0 ? from : Math.min(to, this.#touched + this.#idleMs);
    const attentive = Math.max(0, until - from);
    if (attentive === 0) return;
    this.#elapsed += attentive;
    // The prompt's time is what was seen or heard of it.
    if (this.#sounding.has("prompt") && !this.#visible.has("prompt")) this.#seen.prompt += attentive;
    for (const part of this.#visible) this.#seen[part] += attentive;
  }
}

function whole(ms: number): number {
  return Math.min(MOST, Math.round(ms));
}
