// The Criteria screen's course, apart from how it looks: which page stands there, which criterion is
// at hand, which are marked and in what order, what came of the last act. Nothing is changed before
// the screen has said what will come of it.

import { problem, type CriteriaBackend, type Problem } from "../../backend";
import type { CriteriaPage } from "../../bindings/CriteriaPage";
import type { CriterionInfo } from "../../bindings/CriterionInfo";
import type { EditKind } from "../../bindings/EditKind";
import type { Phase } from "../../bindings/Phase";
import type { PhaseReport } from "../../bindings/PhaseReport";
import { counted } from "../../parts/task";

/** How many criteria stand on a page. */
export const PAGE = 100;

export class CriteriaFlow {
  page = $state.raw<CriteriaPage | null>(null);
  phase = $state.raw<PhaseReport | null>(null);
  search = $state("");
  /** Only those of this group; null: all. */
  group = $state<string | null>(null);
  offset = $state(0);
  /** Which of the page is at hand. */
  at = $state(0);
  /** Marked ones, the first marked first: in a merge it is the one that stays. */
  marked = $state.raw<CriterionInfo[]>([]);
  busy = $state(false);
  trouble = $state.raw<Problem | null>(null);
  /** What came of the last act. */
  said = $state("");

  #backend: CriteriaBackend;
  #asked = 0;

  constructor(backend: CriteriaBackend) {
    this.#backend = backend;
  }

  get current(): CriterionInfo | null {
    return this.page?.criteria[this.at] ?? null;
  }

  /** What an act is about: the marked ones, else the one at hand. */
  get meant(): CriterionInfo[] {
    if (this.marked.length > 0) return this.marked;
    return this.current ? [this.current] : [];
  }

  isMarked(criterion: string): boolean {
    return this.marked.some((one) => one.criterion === criterion);
  }

  /** Reads the page and the phases; what was asked for last is shown, whatever comes back first. */
  async load() {
    const mine = (this.#asked += 1);
    const request = { search: this.search, offset: this.offset, limit: PAGE };
    const only = this.group === null ? {} : { group: this.group };
    try {
      const [page, phase] = await Promise.all([
        this.#backend.list({ ...request, ...only }),
        this.#backend.phase(),
      ]);
      if (mine !== this.#asked) return;
      this.page = page;
      this.phase = phase;
      this.at = Math.min(this.at, Math.max(0, page.criteria.length - 1));
      const fresh = new Map(page.criteria.map((one) => [one.criterion, one]));
      this.marked = this.marked.map((one) => fresh.get(one.criterion) ?? one);
      this.trouble = null;
    } catch (thrown) {
      if (mine === this.#asked) this.trouble = problem(thrown);
    }
  }

  find(search: string) {
    this.search = search;
    return this.#fromTheTop();
  }

  only(group: string | null) {
    this.group = group;
    return this.#fromTheTop();
  }

  #fromTheTop() {
    this.offset = 0;
    this.at = 0;
    return this.load();
  }

  /** One criterion down or up, over the edge of the page. */
  step(by: number) {
    const length = this.page?.criteria.length ?? 0;
    const to = this.at + by;
    if (to >= 0 && to < length) {
      this.at = to;
      return Promise.resolve();
    }
    return to < 0 ? this.turn(-1, PAGE - 1) : this.turn(1, 0);
  }

  /** One page on or back. */
  turn(by: number, at = 0) {
    const offset = this.offset + by * PAGE;
    if (offset < 0 || offset >= (this.page?.total ?? 0)) return Promise.resolve();
    this.offset = offset;
    this.at = at;
    return this.load();
  }

  mark(one = this.current) {
    if (!one) return;
    this.marked = this.isMarked(one.criterion)
      ? this.marked.filter((other) => other.criterion !== one.criterion)
      : [...this.marked, one];
  }

  unmark() {
    this.marked = [];
  }

  edit(criterion: string, text: string, kind: EditKind) {
    return this.act(async () => {
      const done = await this.#backend.edit(criterion, text, kind);
      return done.kind === "typo"
        ? `Mended: ${counted(done.votes_stay, "vote")} stay.`
        : `Changed: ${counted(done.votes_fall, "vote")} no longer stand, ${people(done.people_again)} the questions again${done.resolutions_taken_back > 0 ? `, ${counted(done.resolutions_taken_back, "resolution")} taken back` : ""}.`;
    });
  }

  /** The first of the ids stays. */
  same(ids: readonly string[], pair: string | null = null) {
    return this.act(async () => {
      const done = await this.#backend.same(ids, pair);
      this.unmark();
      return `${counted(done.questions, "question")} no longer asked, with ${counted(done.votes, "vote")}${left(done.left)}.`;
    });
  }

  apart(ids: readonly string[]) {
    return this.act(async () => {
      const done = await this.#backend.apart(ids, null);
      this.unmark();
      return `${counted(done.questions, "question")} asked again, with ${counted(done.votes, "vote")}.`;
    });
  }

  gather(ids: readonly string[], name: string | null) {
    return this.act(async () => {
      const done = await this.#backend.group(ids, name);
      this.unmark();
      const count = counted(done.moved, "criterion", "criteria");
      return done.group === null ? `${count} out of their groups.` : `${count} put into “${done.group}”.`;
    });
  }

  begin(phase: Phase) {
    return this.act(async () => {
      await this.#backend.beginPhase(phase);
      return `The phase is now: ${phase}.`;
    });
  }

  /** Does something and reads everything anew; false where it was refused, with the reason told. */
  async act(what: () => Promise<string>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    try {
      this.said = await what();
      await this.load();
      return true;
    } catch (thrown) {
      this.trouble = problem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

function people(count: number): string {
  return count === 1 ? "1 person gets" : `${counted(count, "person", "people")} get`;
}

function left(count: number): string {
  return count === 0 ? "" : `; ${counted(count, "question")} left, since the pair is not asked the one that stays`;
}
