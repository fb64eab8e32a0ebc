// The label screen's course, apart from how it looks: which question stands there, what was chosen,
// what is under way, what went wrong. A vote leaves the form only after Rust has said that it is on
// disk; whatever fails can be tried again with nothing retyped.

import { AttentionClock } from "../../attention";
import { isDone, type LabelBackend, type Next, type Question } from "../../backend";
import type { Confidence } from "../../bindings/Confidence";
import type { HistoryEntry } from "../../bindings/HistoryEntry";
import type { Phase } from "../../bindings/Phase";
import type { PracticeReport } from "../../bindings/PracticeReport";
import type { Progress } from "../../bindings/Progress";
import type { Told } from "../../bindings/Told";
import type { ScreenVerdict } from "../../bindings/ScreenVerdict";
import type { SkipReason } from "../../bindings/SkipReason";
import { GuidelineReader } from "../../guideline.svelte";
import { newer, older, steps } from "../../history";
import { draftOf, Drafts, emptyDraft, type Draft } from "./drafts";
import { Jobs } from "./jobs.svelte";
import { Settings } from "./settings.svelte";
import { Teller } from "./teller.svelte";

/** `answer`: a vote of the practice round is on disk, and its answer stands beside the question. `told`:
    a vote is on disk, and what the model says stands beside it. */
export type Mode = "loading" | "question" | "answer" | "told" | "criteria" | "done";
export type Last = "none" | "saving" | "saved" | "undone" | "skipped";

const HISTORY = 500;

export const VERDICT_SAYS: Record<ScreenVerdict, string> = {
  left: "Left is better",
  tie: "Tie",
  both_bad: "Both bad",
  right: "Right is better",
};

export class LabelFlow {
  mode = $state<Mode>("loading");
  question = $state.raw<Question | null>(null);
  draft = $state<Draft>(emptyDraft());
  /** Criteria written for the pair and not yet sent. */
  criteria = $state<string[]>([]);
  /** The one being written. */
  criterionText = $state("");
  progress = $state.raw<Progress | null>(null);
  /** The project's phase, where nothing is left in it. */
  phase = $state<Phase | null>(null);
  /** What is told after a vote of the practice round, and what the vote said. */
  answer = $state.raw<(PracticeReport & { readonly said: ScreenVerdict }) | null>(null);
  /** How far back in what was done: 0 is the present. */
  place = $state(0);
  entry = $state.raw<HistoryEntry | null>(null);
  last = $state<Last>("none");
  /** Votes that this screen saw committed. */
  saved = $state(0);
  hint = $state("");
  /** What a screen reader says. */
  spoken = $state("");
  /** Grows with every question shown, the same one again included. */
  shown = $state(0);

  readonly attention: AttentionClock;
  readonly settings: Settings;
  readonly jobs = new Jobs();
  readonly guideline: GuidelineReader;
  readonly teller: Teller;

  #backend: LabelBackend;
  #preload: (next: Question) => void;
  #history: HistoryEntry[] = [];
  #drafts = new Drafts();

  constructor(backend: LabelBackend, now: () => number, preload: (next: Question) => void = () => {}) {
    this.#backend = backend;
    this.#preload = preload;
    this.attention = new AttentionClock(now);
    this.settings = new Settings(backend);
    this.teller = new Teller(backend);
    this.guideline = new GuidelineReader(backend.guideline, backend.guidelineTold);
  }

  start() {
    return this.jobs.run(async () => {
      await this.settings.load();
      await this.#present();
    });
  }

  choose(verdict: ScreenVerdict) {
    if (this.mode !== "question" || this.jobs.busy) return;
    this.draft.verdict = verdict;
    this.hint = "";
    this.spoken = `${VERDICT_SAYS[verdict]} chosen`;
    if (this.settings.setup?.preferences.commit_on_verdict) void this.commit();
  }

  /** Not said, 1, 2, 3, not said. */
  cycleConfidence() {
    this.setConfidence(this.draft.confidence === 3 ? null : (((this.draft.confidence ?? 0) + 1) as Confidence));
  }

  setConfidence(confidence: Confidence | null) {
    this.draft.confidence = confidence;
    this.spoken = confidence === null ? "How sure: not said" : `How sure: ${confidence} of 3`;
  }

  commit() {
    const { question, draft } = this;
    if (this.mode === "answer" || this.mode === "told") return this.jobs.run(() => this.#present());
    if (this.mode !== "question" || !question) return Promise.resolve();
    if (this.jobs.stale) return this.#again();
    const { verdict } = draft;
    if (verdict === null) {
      this.hint = "Choose a verdict first.";
      this.spoken = this.hint;
      return Promise.resolve();
    }
    return this.jobs.run(async () => {
      this.last = "saving";
      const request = { assignment: question.assignment, verdict, confidence: draft.confidence };
      const attention = this.attention.read();
      let receipt;
      try {
        receipt = await this.#backend.vote({ ...request, rationale: draft.reason, attention });
      } catch (thrown) {
        this.last = "none";
        throw thrown;
      }
      this.saved += 1;
      this.last = "saved";
      this.spoken = "Saved";
      this.#drafts.dropVote(question.assignment);
      this.#leave();
      if (receipt.practice !== null) return this.#explain(receipt.practice, verdict);
      if (await this.teller.hear(this.settings.setup?.reveal ?? "never", question.assignment)) return this.#tell();
      await this.jobs.then(() => this.#present());
    });
  }

  /** Votes again on the question on the screen, now that the model's answer is told; or, at the end,
      opens the list of those answers. */
  again() {
    const { told } = this.teller;
    if (this.mode === "done" && this.settings.setup?.reveal === "session") return this.openList();
    if (this.mode !== "told" || told === null || this.jobs.busy) return Promise.resolve();
    this.teller.reconsider(told);
    this.mode = "question";
    this.attention.restart();
    this.spoken = "Vote again; the first vote stays stored";
    return Promise.resolve();
  }

  openList(offset?: number) {
    return this.jobs.run(async () => {
      await this.teller.open(offset);
      this.spoken = "What you voted, and what the model says";
    });
  }

  /** Votes again on a line of the list. */
  reconsider(told: Told) {
    return this.jobs.run(async () => {
      const question = await this.#backend.at(told.assignment);
      this.teller.reconsider(told);
      this.#drafts.keepVote(told.assignment, { ...emptyDraft(), verdict: told.said });
      await this.#show(question);
    });
  }

  undo() {
    return this.jobs.run(async () => {
      const receipt = await this.#backend.undo();
      if (!receipt) {
        this.hint = "There is nothing to undo.";
        this.spoken = this.hint;
        return;
      }
      this.#keepDraft();
      this.last = "undone";
      this.spoken = "The last vote is withdrawn; its question is here again";
      this.#drafts.keepVote(receipt.assignment, draftOf(receipt));
      this.#leave();
      await this.jobs.then(async () => {
        const next = await this.#backend.next();
        const isIt = !isDone(next) && next.assignment === receipt.assignment;
        await this.#show(isIt ? next : await this.#backend.at(receipt.assignment));
      });
    });
  }

  skip(reason: SkipReason, note: string) {
    const { question } = this;
    if (!question || this.mode === "answer" || this.mode === "told") return Promise.resolve();
    if (this.jobs.stale) return this.#again();
    return this.jobs.run(async () => {
      await this.#backend.skip(question.assignment, reason, note);
      this.last = "skipped";
      this.spoken = "Skipped";
      this.#drafts.dropVote(question.assignment);
      this.#leave();
      await this.jobs.then(() => this.#present());
    });
  }

  readGuideline() {
    return this.jobs.run(async () => {
      if (await this.guideline.show()) return;
      this.hint = "This project has no guideline.";
      this.spoken = this.hint;
    });
  }

  /** One step into what was done. */
  back() {
    return this.jobs.run(async () => {
      if (this.place === 0) {
        const entries = await this.#backend.history(HISTORY);
        this.#history = steps(entries, this.question?.assignment ?? null);
      }
      const place = older(this.place, this.#history.length);
      if (place === this.place) {
        this.hint = place === 0 ? "Nothing done yet." : "This is the first one.";
        this.spoken = this.hint;
        return;
      }
      await this.#step(place);
    });
  }

  /** One step towards the present. */
  forward() {
    if (this.place === 0) return Promise.resolve();
    return this.jobs.run(async () => {
      const place = newer(this.place);
      if (place > 0) return this.#step(place);
      this.#keepDraft();
      return this.#present();
    });
  }

  /** Opens the editor for more criteria of the pair on the screen. */
  writeCriteria() {
    if (this.mode !== "question" || !this.question || this.jobs.busy) return;
    this.#keepDraft();
    this.#takeCriteria(this.question.pair);
    this.mode = "criteria";
  }

  /** Back from the editor to the question; what was written stays. */
  leaveCriteria() {
    const { question } = this;
    if (this.mode !== "criteria" || !question || question.criterion === null) return;
    this.#keepDraft();
    this.mode = "question";
  }

  /** Takes what stands in the editor as a criterion; false where nothing does. */
  addCriterion(): boolean {
    const text = this.criterionText.trim();
    if (text === "") return false;
    this.criteria = [...this.criteria, text];
    this.criterionText = "";
    this.hint = "";
    return true;
  }

  finishCriteria() {
    this.addCriterion();
    const { question } = this;
    const texts = this.criteria.map((text) => text.trim()).filter((text) => text !== "");
    if (this.mode !== "criteria" || !question) return Promise.resolve();
    if (this.jobs.stale) return this.#again();
    if (texts.length === 0) {
      this.hint = "Write at least one criterion.";
      this.spoken = this.hint;
      return Promise.resolve();
    }
    return this.jobs.run(async () => {
      const { added } = await this.#backend.criteria(question.pair, texts);
      this.spoken = added === 1 ? "Criterion stored" : `${added} criteria stored`;
      this.#drafts.dropCriteria(question.pair);
      this.#takeCriteria(question.pair);
      this.#leave();
      await this.jobs.then(() => this.#present());
    });
  }

  /** The question of the practice round that stands on the screen, from 1; null for any other. */
  get practising(): number | null {
    const { progress, question, mode } = this;
    if (progress === null || question === null) return null;
    if (mode === "answer") return progress.practice_done;
    return progress.practice_open === question.assignment ? progress.practice_done + 1 : null;
  }

  /** Shows the answer beside the question, until the person goes on. */
  async #explain(report: PracticeReport, said: ScreenVerdict) {
    this.answer = { ...report, said };
    this.mode = "answer";
    const answer = `The answer is: ${VERDICT_SAYS[report.answer]}.`;
    this.spoken = `${report.right ? "Right." : "Not so."} ${answer} ${report.explanation}`;
    this.progress = await this.#backend.progress().catch(() => this.progress);
  }

  /** Lets what the model says stand beside the question, until the person keeps the vote or votes again. */
  async #tell() {
    const { told } = this.teller;
    if (told === null) return;
    this.mode = "told";
    this.spoken = `Saved. The model says: ${VERDICT_SAYS[told.verdict]}. ${told.text}`;
    this.progress = await this.#backend.progress().catch(() => this.progress);
  }

  async #present() {
    const next = await this.#backend.next();
    this.place = 0;
    this.entry = null;
    await this.#show(next);
    void this.#backend.peek().then((after) => {
      if (!isDone(after)) this.#preload(after);
    }, () => {
      // Only a preload: the question itself will say what is wrong.
    });
  }

  async #step(place: number) {
    const entry = this.#history[place - 1];
    if (!entry) return;
    const question = await this.#backend.at(entry.assignment);
    this.#keepDraft();
    this.place = place;
    this.entry = entry;
    if (!this.#drafts.vote(entry.assignment)) this.#drafts.keepVote(entry.assignment, draftOf(entry));
    await this.#show(question);
    this.spoken = entry.verdict ? `You said: ${VERDICT_SAYS[entry.verdict]}` : "You skipped this one";
  }

  async #show(next: Next) {
    this.hint = "";
    this.answer = null;
    this.jobs.stale = false;
    this.attention.restart();
    this.shown += 1;
    if (isDone(next) || !this.teller.keeps(next.assignment)) this.teller.forget();
    if (isDone(next)) {
      // A list that was open shows what was said since.
      if (this.teller.list !== null) await this.teller.open().catch(() => this.teller.close());
      this.question = null;
      this.draft = emptyDraft();
      this.phase = next.phase ?? null;
      this.mode = "done";
    } else {
      this.question = next;
      this.draft = { ...(this.#drafts.vote(next.assignment) ?? emptyDraft()) };
      this.#takeCriteria(next.pair);
      this.mode = next.criterion === null ? "criteria" : "question";
    }
    this.progress = await this.#backend.progress().catch(() => this.progress);
    if (this.progress) this.guideline.hear(this.progress);
  }

  #keepDraft() {
    const { question } = this;
    if (!question || this.mode === "answer" || this.mode === "told") return;
    if (this.mode === "criteria") {
      this.#drafts.keepCriteria(question.pair, { list: this.criteria, text: this.criterionText });
    } else this.#drafts.keepVote(question.assignment, this.draft);
  }

  #takeCriteria(pair: string) {
    const { list, text } = this.#drafts.criteria(pair);
    this.criteria = [...list];
    this.criterionText = text;
  }

  #leave() {
    this.place = 0;
    this.entry = null;
  }

  #again(): Promise<void> {
    this.jobs.retry?.();
    return Promise.resolve();
  }
}
