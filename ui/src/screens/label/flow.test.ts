import { beforeEach, describe, expect, it } from "vitest";

import type { LabelBackend, Next, Question } from "../../backend";
import type { HistoryEntry } from "../../bindings/HistoryEntry";
import type { LabelSetup } from "../../bindings/LabelSetup";
import type { PracticeReport } from "../../bindings/PracticeReport";
import type { Told } from "../../bindings/Told";
import type { VoteRequest } from "../../bindings/VoteRequest";
import { LabelFlow } from "./flow.svelte";

function question(name: string, criterion: string | null = `Which is ${name}?`): Question {
  const side = { text: name, media: [] };
  return {
    ...{ assignment: name, question: `q-${name}`, pair: `p-${name}`, task: "text_to_text", criterion },
    ...{ prompt: side, left: side, right: side },
  };
}

const setup: LabelSetup = {
  ...{ project: "bench", annotator: { id: "1", name: "Ana" }, keys: [], ask_criteria: false, both_bad: true, phase: null },
  reveal: "never",
  preferences: { commit_on_verdict: false, hide_progress: false, theme: "dark" },
};

/** A backend with a queue in memory. */
class Fake {
  queue: Question[] = [];
  at = 0;
  votes: VoteRequest[] = [];
  done: HistoryEntry[] = [];
  calls: string[] = [];
  failing = new Set<string>();
  hold: Promise<void> | null = null;
  setup = setup;
  practice = { practice_done: 0, practice: 0, practice_open: null as string | null };
  answers = new Map<string, PracticeReport>();
  /** What the model says, by assignment. */
  says = new Map<string, Told>();

  next(): Next {
    return this.queue[this.at] ?? { done: true };
  }

  async vote(request: VoteRequest) {
    this.votes.push(request);
    const { assignment, verdict, confidence, rationale } = request;
    const found = this.queue.find((q) => q.assignment === assignment);
    if (this.queue[this.at] === found) this.at += 1;
    this.done = this.done.filter((entry) => entry.assignment !== assignment);
    this.done.unshift({
      ...{ assignment, question: found?.question ?? "", pair: found?.pair ?? "", criterion: null },
      ...{ verdict, confidence, rationale, skipped: null, at_ms: 0 },
    });
    await this.hold;
    const practice = this.answers.get(assignment) ?? null;
    if (practice) this.practice = { practice_done: 1, practice: 1, practice_open: null };
    return { vote: "v", supersedes: null, assignment, question: "", at_ms: 0, practice };
  }

  undo() {
    const last = this.done.shift();
    if (!last) return null;
    this.at = this.queue.findIndex((q) => q.assignment === last.assignment);
    const { assignment, verdict, confidence, rationale } = last;
    return { vote: "u", withdrawn: "v", assignment, verdict, confidence, rationale };
  }

  backend(): LabelBackend {
    const command = <T>(name: string, answer: () => T | Promise<T>) => {
      this.calls.push(name);
      if (this.failing.has(name)) {
        return Promise.reject(Object.assign(new Error(`${name} failed`), { code: "x" }));
      }
      return Promise.resolve(answer());
    };
    return {
      setup: () => command("setup", () => this.setup),
      next: () => command("next", () => this.next()),
      peek: () => command("peek", (): Next => this.queue[this.at + 1] ?? { done: true }),
      at: (a) => command("at", () => this.queue.find((q) => q.assignment === a) ?? question("?")),
      vote: (request) => command("vote", () => this.vote(request)),
      undo: () => command("undo", () => this.undo()),
      skip: () => command("skip", () => ((this.at += 1), null)),
      criteria: (pair, texts) =>
        command("criteria", () => {
          const made = texts.map((text, i) => ({ ...question(`${pair}-${i}`, text), pair }));
          this.queue.splice(this.at, 1, ...made);
          return { pair, questions: [], added: texts.length };
        }),
      history: () => command("history", () => this.done),
      progress: () => command("progress", () => ({ done: this.done.length, skipped: 0, total: 9, per_hour: null, guideline: null, guideline_told: null, ...this.practice })),
      bind: () => command("bind", () => []),
      resetKeys: () => command("resetKeys", () => []),
      preferences: (preferences) => command("preferences", () => preferences),
      guideline: () => command("guideline", () => null),
      guidelineTold: () => command("guidelineTold", () => null),
      reveal: (a) =>
        command("reveal", () => {
          const told = this.says.get(a);
          if (!told || !this.votes.some((vote) => vote.assignment === a)) throw new Error("nothing to reveal");
          return told;
        }),
      reveals: () =>
        command("reveals", () => {
          const entries = [...this.says.values()].map((told) => ({ criterion: "c", prompt: "p", told }));
          return { entries, total: entries.length, page: 50 };
        }),
    };
  }
}

let fake: Fake;
let flow: LabelFlow;
let preloaded: string[];

beforeEach(async () => {
  fake = new Fake();
  fake.queue = [question("a"), question("b"), question("c")];
  preloaded = [];
  flow = new LabelFlow(fake.backend(), () => 0, (next) => preloaded.push(next.assignment));
  await flow.start();
});

async function answer(verdict: "left" | "right") {
  flow.choose(verdict);
  await flow.commit();
}

describe("a commit", () => {
  it("sends what was chosen, then shows the next question and loads the one after", async () => {
    flow.choose("left");
    flow.cycleConfidence();
    flow.draft.reason = "because";
    await flow.commit();
    expect(fake.votes).toMatchObject([{ assignment: "a", verdict: "left", confidence: 1, rationale: "because" }]);
    expect(flow.question?.assignment).toBe("b");
    expect(flow.draft).toEqual({ verdict: null, confidence: null, reason: "" });
    expect(preloaded).toEqual(["b", "c"]);
  });

  it("is said to be saved only when it is, and is not sent twice", async () => {
    let release = () => {};
    fake.hold = new Promise((resolve) => (release = resolve));
    flow.choose("tie");
    const first = flow.commit();
    const second = flow.commit();
    expect(flow.last).toBe("saving");
    expect(flow.question?.assignment).toBe("a");
    release();
    await Promise.all([first, second]);
    expect(flow.last).toBe("saved");
    expect(fake.votes.length).toBe(1);
  });

  it("without a verdict asks for one", async () => {
    await flow.commit();
    expect(fake.votes.length).toBe(0);
    expect(flow.hint).not.toBe("");
  });

  it("that fails keeps the form and can be tried again", async () => {
    fake.failing.add("vote");
    flow.draft.reason = "typed";
    await answer("right");
    expect(flow.jobs.problem?.message).toBe("vote failed");
    expect(flow.last).toBe("none");
    expect(flow.draft).toMatchObject({ verdict: "right", reason: "typed" });
    fake.failing.clear();
    flow.jobs.retry?.();
    await expect.poll(() => flow.question?.assignment).toBe("b");
    expect(fake.votes.length).toBe(1);
    expect(flow.jobs.problem).toBeNull();
  });

  it("is not repeated when only the next question failed to come", async () => {
    fake.failing.add("next");
    await answer("left");
    expect(flow.last).toBe("saved");
    expect(flow.jobs.problem?.message).toBe("next failed");
    fake.failing.clear();
    flow.jobs.retry?.();
    await expect.poll(() => flow.question?.assignment).toBe("b");
    expect(fake.votes.length).toBe(1);
  });

  it("cannot be made on a question that is answered while the next one failed to come", async () => {
    fake.failing.add("next");
    await answer("left");
    fake.failing.clear();
    await flow.commit();
    await expect.poll(() => flow.question?.assignment).toBe("b");
    expect(fake.votes.length).toBe(1);
  });

  it("happens on the verdict key where that is preferred", async () => {
    await flow.settings.prefer({ commit_on_verdict: true });
    flow.choose("both_bad");
    await expect.poll(() => flow.question?.assignment).toBe("b");
    expect(fake.votes[0]?.verdict).toBe("both_bad");
  });
});

describe("undo", () => {
  it("brings the question back with what was said", async () => {
    flow.draft.reason = "why";
    await answer("right");
    await flow.undo();
    expect(flow.question?.assignment).toBe("a");
    expect(flow.draft).toMatchObject({ verdict: "right", reason: "why" });
    expect(flow.last).toBe("undone");
  });

  it("of nothing says so", async () => {
    await flow.undo();
    expect(flow.hint).toContain("nothing to undo");
    expect(flow.question?.assignment).toBe("a");
  });
});

describe("going back", () => {
  beforeEach(async () => {
    await answer("left");
    await answer("right");
  });

  it("shows each answer in turn and stops at both ends", async () => {
    await flow.back();
    expect([flow.question?.assignment, flow.draft.verdict, flow.place]).toEqual(["b", "right", 1]);
    await flow.back();
    expect([flow.question?.assignment, flow.draft.verdict, flow.place]).toEqual(["a", "left", 2]);
    await flow.back();
    expect(flow.place).toBe(2);
    await flow.forward();
    await flow.forward();
    await flow.forward();
    expect([flow.question?.assignment, flow.place]).toEqual(["c", 0]);
  });

  it("keeps what was typed on the question in between", async () => {
    flow.draft.reason = "half a thought";
    flow.choose("tie");
    await flow.back();
    await flow.forward();
    expect(flow.draft).toMatchObject({ verdict: "tie", reason: "half a thought" });
  });

  it("lets an answer be changed and returns to the present", async () => {
    await flow.back();
    await answer("left");
    expect(fake.votes.at(-1)).toMatchObject({ assignment: "b", verdict: "left" });
    expect([flow.question?.assignment, flow.place]).toEqual(["c", 0]);
  });

  it("works from the end", async () => {
    await answer("left");
    expect(flow.mode).toBe("done");
    await flow.back();
    expect(flow.question?.assignment).toBe("c");
  });
});

describe("criteria", () => {
  it("are asked for where a pair has none, and become questions", async () => {
    fake.queue = [question("x", null)];
    await flow.start();
    expect(flow.mode).toBe("criteria");
    await flow.finishCriteria();
    expect(flow.hint).not.toBe("");
    flow.criterionText = " Which is kinder? ";
    expect(flow.addCriterion()).toBe(true);
    flow.criterionText = "Which is shorter?";
    await flow.finishCriteria();
    expect(flow.mode).toBe("question");
    expect(flow.question?.criterion).toBe("Which is kinder?");
    expect(fake.queue.map((q) => q.criterion)).toEqual(["Which is kinder?", "Which is shorter?"]);
  });

  it("that could not be stored stay in the editor", async () => {
    fake.queue = [question("x", null)];
    await flow.start();
    fake.failing.add("criteria");
    flow.criterionText = "Which is kinder?";
    await flow.finishCriteria();
    expect(flow.jobs.problem?.message).toBe("criteria failed");
    expect(flow.criteria).toEqual(["Which is kinder?"]);
  });

  it("begun for a pair that has some survive going back to the question", () => {
    flow.choose("left");
    flow.writeCriteria();
    flow.criterionText = "Half";
    flow.leaveCriteria();
    expect([flow.mode, flow.draft.verdict]).toEqual(["question", "left"]);
    flow.writeCriteria();
    expect(flow.criterionText).toBe("Half");
  });
});

it("a skip is no vote and brings the next question", async () => {
  await flow.skip("unclear", "");
  expect(fake.votes.length).toBe(0);
  expect([flow.question?.assignment, flow.last]).toEqual(["b", "skipped"]);
});

it("a start that fails says so and can be tried again", async () => {
  fake.failing.add("setup");
  const other = new LabelFlow(fake.backend(), () => 0);
  await other.start();
  expect([other.mode, other.jobs.problem?.message]).toEqual(["loading", "setup failed"]);
  fake.failing.clear();
  other.jobs.retry?.();
  await expect.poll(() => other.mode).toBe("question");
});

describe("the practice round", () => {
  beforeEach(async () => {
    fake.answers.set("a", { right: false, answer: "right", explanation: "because" });
    fake.practice = { practice_done: 0, practice: 1, practice_open: "a" };
    await flow.start();
  });

  it("tells the answer after the vote and stays until the person goes on", async () => {
    expect(flow.practising).toBe(1);
    await answer("left");
    expect(flow.mode).toBe("answer");
    expect(flow.question?.assignment).toBe("a");
    expect(flow.answer).toMatchObject({ right: false, answer: "right", said: "left" });
    expect(flow.spoken).toContain("Not so. The answer is: Right is better. because");
    expect(flow.practising).toBe(1);
    flow.choose("right");
    await flow.skip("broken", "");
    expect(fake.votes).toHaveLength(1);
    await flow.commit();
    expect(flow.mode).toBe("question");
    expect(flow.question?.assignment).toBe("b");
    expect(flow.answer).toBeNull();
    expect(flow.practising).toBeNull();
  });

  it("lets the vote be taken back from its answer", async () => {
    await answer("left");
    await flow.undo();
    expect(flow.mode).toBe("question");
    expect(flow.question?.assignment).toBe("a");
    expect(flow.draft.verdict).toBe("left");
    expect(flow.answer).toBeNull();
  });
});

describe("what the model says", () => {
  const told = (assignment: string): Told => ({
    ...{ assignment, said: "left", again: false, verdict: "right", scores: null, text: "why", saw_left_first: true },
  });

  it("is never asked for where the project shows nothing, and costs no key", async () => {
    fake.says.set("a", told("a"));
    await answer("left");
    expect(fake.calls).not.toContain("reveal");
    expect([flow.mode, flow.question?.assignment]).toEqual(["question", "b"]);
  });

  it("stands beside the question after the vote, which is kept by going on", async () => {
    fake.setup = { ...setup, reveal: "each" };
    fake.says.set("a", told("a"));
    await flow.start();
    expect(fake.calls).not.toContain("reveal");
    await answer("left");
    expect([flow.mode, flow.question?.assignment, flow.last]).toEqual(["told", "a", "saved"]);
    expect(flow.spoken).toContain("Right is better");
    flow.choose("right");
    await flow.skip("broken", "");
    expect(fake.votes).toHaveLength(1);
    await flow.commit();
    expect([flow.mode, flow.question?.assignment]).toEqual(["question", "b"]);
    expect(flow.teller.told).toBeNull();
    expect(fake.votes).toHaveLength(1);
  });

  it("goes on where there is nothing to tell", async () => {
    fake.setup = { ...setup, reveal: "each" };
    await flow.start();
    await answer("left");
    expect([flow.mode, flow.question?.assignment, flow.jobs.problem]).toEqual(["question", "b", null]);
  });

  it("can be followed by a second vote, after which it is not told again", async () => {
    fake.setup = { ...setup, reveal: "each" };
    fake.says.set("a", told("a"));
    await flow.start();
    await answer("left");
    await flow.again();
    expect([flow.mode, flow.draft.verdict, flow.teller.told?.verdict]).toEqual(["question", "left", "right"]);
    await answer("right");
    expect(fake.votes.map(({ verdict }) => verdict)).toEqual(["left", "right"]);
    expect(fake.calls.filter((name) => name === "reveal")).toHaveLength(1);
    expect([flow.mode, flow.question?.assignment]).toEqual(["question", "b"]);
  });

  it("is listed at the end, and a line of the list can be voted on again", async () => {
    fake.setup = { ...setup, reveal: "session" };
    fake.says.set("a", told("a"));
    await flow.start();
    for (const verdict of ["left", "left", "left"] as const) await answer(verdict);
    expect([flow.mode, flow.teller.list]).toEqual(["done", null]);
    expect(fake.calls).not.toContain("reveals");
    await flow.again();
    const [line] = flow.teller.list?.entries ?? [];
    if (!line) throw new Error("an empty list");
    await flow.reconsider(line.told);
    expect([flow.mode, flow.question?.assignment, flow.draft.verdict]).toEqual(["question", "a", "left"]);
    await answer("right");
    expect(fake.votes).toHaveLength(4);
    expect([flow.mode, flow.teller.list?.total]).toEqual(["done", 1]);
    expect(fake.calls).not.toContain("reveal");
  });
});
