// What the two panes of a pair share: the mode of text, the view of pictures
// and models, the linked scroll.

import type { AttentionClock, Part } from "../attention";
import type { ScrollStep } from "../keys";
import { difference, type Difference } from "../text/parsed";
import { Deck } from "./media/deck.svelte";
import { START, type Orbit } from "./orbit";
import { FIT, type View } from "./zoom";

export type SideName = "left" | "right";

const LINE = 48;

export class Compare {
  /** Text as written. */
  raw = $state(false);
  /** What differs is marked. */
  diff = $state(false);
  /** Both texts scroll together. */
  linked = $state(true);
  view = $state.raw<View>(FIT);
  /** How models are looked at, and whether that is being changed right now. */
  orbit = $state.raw<Orbit>(START);
  moving = $state(false);
  /** How many models are on the screen. */
  models = $state(0);
  found = $state.raw<Difference | null>(null);
  /** What plays. */
  readonly deck: Deck;

  #scrollers: Partial<Record<SideName, HTMLElement>> = {};
  /** Where a pane was put by the link, so that its own event isn't answered. */
  #put: Partial<Record<SideName, number>> = {};
  #diffOf = "";

  constructor(clock: AttentionClock, parts: readonly Part[]) {
    this.deck = new Deck(clock, parts);
  }

  /** Another pair: its pictures fit again, its texts start at the top, its films at their beginning. */
  startPair() {
    this.deck.startPair();
    this.view = FIT;
    this.orbit = START;
    this.moving = false;
    this.found = null;
    this.#diffOf = "";
    for (const side of ["left", "right"] as const) {
      const scroller = this.#scrollers[side];
      if (scroller) scroller.scrollTop = 0;
    }
  }

  /** Finds the difference of two texts once; `told` hears a sentence where there is none. */
  async findDifference(left: string, right: string, told: (why: string) => void) {
    const key = `${left.length}:${left}${right}`;
    if (this.#diffOf === key) return;
    this.#diffOf = key;
    this.found = null;
    const found = await difference(left, right);
    if (this.#diffOf !== key) return;
    this.found = found;
    if (found.why !== null) told(found.why);
  }

  /** Attaches a pane's scrolling part. */
  scroller(side: SideName) {
    return (element: HTMLElement) => {
      this.#scrollers[side] = element;
      const moved = () => this.#follow(side);
      element.addEventListener("scroll", moved, { passive: true });
      return () => {
        element.removeEventListener("scroll", moved);
        if (this.#scrollers[side] === element) delete this.#scrollers[side];
      };
    };
  }

  /** Scrolls by key: both panes. */
  scroll(by: ScrollStep) {
    const sides = (["left", "right"] as const).filter((side) => this.#scrollers[side]);
    // When linked, the longer text leads and the other follows by fraction.
    const lead = [...sides].sort((a, b) => this.#range(b) - this.#range(a)).slice(0, 1);
    for (const side of this.linked ? lead : sides) {
      const scroller = this.#scrollers[side];
      if (scroller) scroller.scrollTop = target(scroller, by);
    }
  }

  #range(side: SideName): number {
    const scroller = this.#scrollers[side];
    return scroller ? scroller.scrollHeight - scroller.clientHeight : 0;
  }

  #follow(side: SideName) {
    const from = this.#scrollers[side];
    const other: SideName = side === "left" ? "right" : "left";
    const to = this.#scrollers[other];
    if (!from || !to) return;
    const put = this.#put[side];
    delete this.#put[side];
    if (put !== undefined && Math.abs(put - from.scrollTop) < 2) return;
    if (!this.linked || this.#range(side) <= 0) return;
    const wanted = Math.round((from.scrollTop / this.#range(side)) * this.#range(other));
    if (Math.abs(to.scrollTop - wanted) < 2) return;
    this.#put[other] = wanted;
    to.scrollTop = wanted;
  }
}

function target(scroller: HTMLElement, by: ScrollStep): number {
  const page = scroller.clientHeight * 0.9;
  const at = scroller.scrollTop;
  switch (by) {
    case "top":
      return 0;
    case "bottom":
      return scroller.scrollHeight;
    case "page-up":
      return at - page;
    case "page-down":
      return at + page;
    case "line-up":
      return at - LINE;
    case "line-down":
      return at + LINE;
  }
}
