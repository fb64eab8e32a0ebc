// The question's place on a screen: its viewers, what they share, what of it cannot be shown, and
// when it takes keys. What is done with the question (voted on, adjudicated) is the screen's.

import type { AttentionClock } from "../../attention";
import type { Question } from "../../backend";
import type { Action } from "../../bindings/Action";
import { Compare } from "../../viewers/compare.svelte";
import { actOnDeck, actOnViewer, carryModes, type Sizes } from "./acts";
import { Fallbacks } from "./fallbacks";
import { Gate } from "./gate.svelte";
import { shownBy } from "./shown";

export class Stage {
  readonly gate: Gate;
  readonly compare: Compare;
  readonly promptCompare: Compare;
  /** The prompt is unfolded. */
  unfolded = $state(false);
  sizes: Sizes | null = null;
  promptSizes: Sizes | null = null;

  readonly clock: AttentionClock;
  #question: () => Question | null;
  #fallbacks = new Fallbacks();
  #pair = "";
  readonly shown = $derived.by(() => shownBy(this.#question()));

  constructor(clock: AttentionClock, now: () => number, question: () => Question | null) {
    this.clock = clock;
    this.#question = question;
    this.gate = new Gate(now);
    this.compare = new Compare(clock, ["left", "right"]);
    this.promptCompare = new Compare(clock, ["prompt"]);
  }

  /** A question came up, maybe the same one again. */
  present() {
    this.quiet();
    const question = this.#question();
    if (question && question.pair !== this.#pair) {
      this.#pair = question.pair;
      this.compare.startPair();
      this.promptCompare.startPair();
      this.unfolded = this.shown.promptMedia;
    }
    carryModes(this.compare, this.clock);
    if (question) this.#fallbacks.of(question).forEach((sentence) => this.clock.fellBack(sentence));
  }

  /** Nothing plays behind a cover, or on into another question. */
  quiet() {
    this.compare.deck.stop();
    this.promptCompare.deck.stop();
  }

  /** Something that this question shows could not be shown as meant. */
  fellBack(sentence: string) {
    const question = this.#question();
    if (question) this.#fallbacks.add(question, sentence);
    this.clock.fellBack(sentence);
  }

  /** Marks what differs between the two texts, where that is asked for. */
  findDifference(told: (why: string) => void) {
    const question = this.#question();
    if (!this.compare.diff || !question || !this.shown.twoTexts) return;
    void this.compare.findDifference(question.left.text, question.right.text, (why) => {
      this.fellBack(why);
      told(why);
    });
  }

  /** Does a viewer's action: on the sides, or on the prompt where only that has what it moves. */
  act(action: Action) {
    const { plays, promptPlays, hasImage, hasModel, promptImage } = this.shown;
    const { compare, promptCompare, clock } = this;
    if (actOnDeck(action, plays ? compare.deck : null, promptPlays ? promptCompare.deck : null)) return;
    if (hasImage || hasModel || !promptImage) actOnViewer(action, compare, hasImage ? this.sizes : null, clock);
    else {
      const ofText = ["raw", "diff", "link_scroll"].includes(action);
      actOnViewer(action, ofText ? compare : promptCompare, this.promptSizes, clock);
    }
  }
}
