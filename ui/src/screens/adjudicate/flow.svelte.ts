// The course of an adjudication, apart from how it looks: a decision without the votes, then the
// votes, then the decision kept or changed. The votes come with Rust's answer to the first
// decision; until then the page has nothing of them.

import { AttentionClock } from "../../attention";
import { problem, type AdjudicationBackend, type Question } from "../../backend";
import type { Action } from "../../bindings/Action";
import type { AdjudicateOptions } from "../../bindings/AdjudicateOptions";
import type { AnnotatorName } from "../../bindings/AnnotatorName";
import type { Binding } from "../../bindings/Binding";
import type { Revealed } from "../../bindings/Revealed";
import type { ScreenDecision } from "../../bindings/ScreenDecision";
import { GuidelineReader } from "../../guideline.svelte";
import { Jobs } from "../label/jobs.svelte";
import { decisionWords, reasonAsked, sameDecision } from "./decisions";

export type Mode = "loading" | "blind" | "votes" | "done";

/** Refusals of a question that somebody else, or a rule, has dealt with meanwhile. */
const GONE = new Set(["not_open", "resolved_already", "decided_already"]);
const TAKEN_BACK = "taken back at once";

export class AdjudicateFlow {
  mode = $state<Mode>("loading");
  question = $state.raw<Question | null>(null);
  /** The votes, once he has decided without them. */
  revealed = $state.raw<Revealed | null>(null);
  decision = $state.raw<ScreenDecision | null>(null);
  reason = $state("");
  /** How many questions are open, and how many wait for another vote. */
  open = $state(0);
  waiting = $state(0);
  keys = $state.raw<readonly Binding[]>([]);
  /** What became of the last act. */
  status = $state("");
  /** The resolution that can be taken back at once. */
  last = $state.raw<string | null>(null);
  hint = $state("");
  /** What a screen reader says. */
  spoken = $state("");
  /** Grows with every question shown. */
  shown = $state(0);
  /** Grows when the reason is asked for: its field wants the focus. */
  asked = $state(0);

  readonly who: AnnotatorName;
  readonly options: AdjudicateOptions;
  readonly attention: AttentionClock;
  readonly jobs = new Jobs();
  readonly guideline: GuidelineReader;
  #backend: AdjudicationBackend;

  constructor(
    backend: AdjudicationBackend,
    who: AnnotatorName,
    options: AdjudicateOptions,
    now: () => number,
  ) {
    this.#backend = backend;
    this.who = who;
    this.options = options;
    this.attention = new AttentionClock(now);
    this.guideline = new GuidelineReader(backend.guideline, () => Promise.resolve());
  }

  start() {
    return this.jobs.run(async () => {
      this.keys = await this.#backend.keys(this.who.id);
      await this.#present();
    });
  }

  /** Asks again what is open; a decision begun on a question that still stands is kept. */
  refresh() {
    return this.jobs.run(() => this.#present(true));
  }

  choose(decision: ScreenDecision) {
    if (this.question === null || this.jobs.busy) return;
    this.decision = decision;
    this.spoken = `${decisionWords(decision)} chosen`;
    this.hint = "";
    this.#ask();
  }

  commit() {
    if (this.jobs.stale) {
      this.jobs.retry?.();
      return Promise.resolve();
    }
    const { question, decision } = this;
    if (question === null) return Promise.resolve();
    if (decision === null) {
      this.#say("Choose a verdict or a drop first.");
      return Promise.resolve();
    }
    if (this.#ask()) return Promise.resolve();
    return this.#attempt(() => (this.revealed === null ? this.#decide(question, decision) : this.#settle(question, decision)));
  }

  sendBack(reason: string) {
    const { question } = this;
    if (question === null) return Promise.resolve();
    return this.#attempt(async () => {
      await this.#backend.sendBack(this.who.id, question.question, reason);
      this.last = null;
      this.status = "Sent back: it waits for another vote.";
      this.spoken = this.status;
      await this.jobs.then(() => this.#present());
    });
  }

  flag(words: string) {
    const { question } = this;
    if (question === null) return Promise.resolve();
    return this.#attempt(async () => {
      await this.#backend.flag(this.who.id, question.question, words);
      this.status = "The guideline is flagged.";
      this.spoken = this.status;
    });
  }

  readGuideline() {
    return this.jobs.run(async () => {
      if (!(await this.guideline.show())) this.#say("This project has no guideline.");
    });
  }

  /** Takes the decision that was settled last back; its question is open again. */
  undo() {
    const { last } = this;
    if (last === null) {
      this.#say("There is nothing to take back here. What stands is listed under “By rule”.");
      return Promise.resolve();
    }
    return this.jobs.run(async () => {
      await this.#backend.reverse(last, TAKEN_BACK);
      this.last = null;
      this.status = "The last decision is taken back.";
      this.spoken = this.status;
      await this.jobs.then(() => this.#present());
    });
  }

  async bind(action: Action, key: string | null, shift: boolean) {
    this.keys = await this.#backend.bind(this.who.id, action, key, shift);
  }

  async resetKeys() {
    this.keys = await this.#backend.resetKeys(this.who.id);
  }

  async #decide(question: Question, decision: ScreenDecision) {
    const { reason, options } = this;
    const attention = this.attention.read();
    const revealed = await this.#backend.decide(this.who.id, {
      ...{ question: question.question, decision, reason, attention, options },
    });
    this.status = "";
    this.#reveal(revealed);
    this.spoken = `You decided blind: ${decisionWords(revealed.blind)}. Now the votes.`;
  }

  async #settle(question: Question, decision: ScreenDecision) {
    const { reason, options } = this;
    const receipt = await this.#backend.settle(this.who.id, {
      ...{ question: question.question, decision, reason, options },
    });
    this.last = receipt.resolution;
    this.status = receipt.kept ? "Saved: your decision is kept." : "Saved: your decision is changed.";
    this.spoken = this.status;
    await this.jobs.then(() => this.#present());
  }

  async #present(keep = false) {
    const next = await this.#backend.next(this.who.id, this.options);
    this.hint = "";
    this.jobs.stale = false;
    if ("done" in next) {
      this.question = null;
      this.revealed = null;
      this.open = 0;
      this.waiting = next.waiting;
      this.mode = "done";
      this.shown += 1;
      return;
    }
    this.open = next.open;
    const same = next.question.question === this.question?.question;
    if (keep && same && (next.revealed === null) === (this.revealed === null)) return;
    this.question = next.question;
    this.decision = null;
    this.reason = "";
    this.revealed = null;
    this.mode = "blind";
    this.attention.restart();
    this.shown += 1;
    // He had decided blind before, and left: the votes are his to see.
    if (next.revealed !== null) this.#reveal(next.revealed);
  }

  #reveal(revealed: Revealed) {
    this.revealed = revealed;
    this.decision = revealed.blind;
    this.reason = "";
    this.hint = "";
    this.mode = "votes";
  }

  /** Asks for the reason where one is needed and missing; true if so. */
  #ask(): boolean {
    if (this.decision === null || this.reason.trim() !== "") return false;
    const why = reasonAsked(this.decision, this.revealed);
    if (why === null) return false;
    this.#say(why);
    this.asked += 1;
    return true;
  }

  #say(sentence: string) {
    this.hint = sentence;
    this.spoken = sentence;
  }

  /** A command on the question: where it is not open any more, trying again asks what is. */
  #attempt(job: () => Promise<void>) {
    return this.jobs.run(async () => {
      try {
        await job();
      } catch (thrown) {
        if (GONE.has(problem(thrown).code)) this.jobs.retry = () => void this.refresh();
        throw thrown;
      }
    });
  }

  /** Whether the votes left the decision as it was. */
  get keeps(): boolean {
    const { decision, revealed } = this;
    return decision !== null && revealed !== null && sameDecision(decision, revealed.blind);
  }
}
