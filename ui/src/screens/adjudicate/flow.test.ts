import { beforeEach, describe, expect, it } from "vitest";

import type { AdjudicationBackend, Question } from "../../backend";
import type { DecideRequest } from "../../bindings/DecideRequest";
import type { Revealed } from "../../bindings/Revealed";
import type { SettleRequest } from "../../bindings/SettleRequest";
import { sameDecision } from "./decisions";
import { AdjudicateFlow } from "./flow.svelte";

function question(name: string): Question {
  const side = { text: name, media: [] };
  return {
    ...{ assignment: name, question: name, pair: `p-${name}`, task: "text_to_text", criterion: "Which?" },
    ...{ prompt: side, left: side, right: side },
  };
}

/** A project in memory: questions in order, what was decided blind, what was settled. */
class Fake {
  open = ["one", "two"];
  waiting = 0;
  blind = new Map<string, DecideRequest>();
  settled: SettleRequest[] = [];
  said: string[] = [];
  fails: { command: string; code: string } | null = null;

  #revealed(name: string): Revealed | null {
    const request = this.blind.get(name);
    if (!request) return null;
    const votes = [{ verdict: "right" as const, confidence: 2 as const, rationale: "secret", notes: [], after_reveal: false }];
    const queue = { place: 1, open: 2, entropy: 1, surprise: null, order: "" };
    return { blind: request.decision, reason: request.reason, votes, queue };
  }

  #answer<T>(command: string, give: () => T): Promise<T> {
    if (this.fails?.command === command) {
      return Promise.reject(Object.assign(new Error(`${command} failed`), { code: this.fails.code }));
    }
    return Promise.resolve(give());
  }

  backend(): AdjudicationBackend {
    return {
      pick: (name) => Promise.resolve({ id: "j", name }),
      keys: () => Promise.resolve([]),
      bind: () => Promise.resolve([]),
      resetKeys: () => Promise.resolve([]),
      guideline: () => Promise.resolve(null),
      next: () =>
        this.#answer("next", () => {
          const [name] = this.open;
          if (name === undefined) return { done: true, waiting: this.waiting };
          return { question: question(name), open: this.open.length, revealed: this.#revealed(name) };
        }),
      decide: (_, request) =>
        this.#answer("decide", () => {
          this.blind.set(request.question, request);
          const revealed = this.#revealed(request.question);
          if (!revealed) throw new Error("no blind decision");
          return revealed;
        }),
      settle: (_, request) =>
        this.#answer("settle", () => {
          this.settled.push(request);
          this.open.shift();
          const blind = this.blind.get(request.question);
          const kept = blind !== undefined && sameDecision(blind.decision, request.decision);
          return { resolution: `r-${request.question}`, question: request.question, decision: { verdict: "tie" }, kept };
        }),
      sendBack: (_, name, reason) =>
        this.#answer("sendBack", () => {
          this.said.push(reason);
          this.open = this.open.filter((one) => one !== name);
          this.waiting += 1;
          return null;
        }),
      flag: (_, __, words) => this.#answer("flag", () => (this.said.push(words), null)),
      reverse: (id) =>
        this.#answer("reverse", () => {
          this.open.unshift(id.slice(2));
          return { reversed: 1, restored: 0 };
        }),
    };
  }
}

const OPTIONS = { over_imported: false, own_votes: false, by_prediction: false };
let fake: Fake;
let flow: AdjudicateFlow;
let clock = 0;

beforeEach(async () => {
  fake = new Fake();
  clock = 0;
  flow = new AdjudicateFlow(fake.backend(), { id: "j", name: "Judith" }, OPTIONS, () => clock);
  await flow.start();
});

describe("before the decision", () => {
  it("holds nothing of the votes, and asks for a decision", async () => {
    expect([flow.mode, flow.open, flow.revealed]).toEqual(["blind", 2, null]);
    await flow.commit();
    expect(flow.hint).toContain("Choose");
    expect(fake.blind.size).toBe(0);
  });

  it("sends what was measured with the decision, and shows the votes", async () => {
    clock = 4000;
    flow.choose({ verdict: "left" });
    await flow.commit();
    expect(fake.blind.get("one")?.attention.elapsed_ms).toBe(4000);
    expect([flow.mode, flow.decision, flow.revealed?.votes.length]).toEqual(["votes", { verdict: "left" }, 1]);
    expect(fake.settled).toEqual([]);
  });

  it("lets no question be dropped without a reason", async () => {
    flow.choose({ drop: "broken_item" });
    expect(flow.asked).toBe(1);
    await flow.commit();
    expect(fake.blind.size).toBe(0);
    flow.reason = "the file is cut";
    await flow.commit();
    expect(fake.blind.get("one")?.reason).toBe("the file is cut");
    await flow.commit();
    expect(fake.settled[0]).toMatchObject({ decision: { drop: "broken_item" } });
  });
});

describe("with the votes", () => {
  beforeEach(async () => {
    flow.choose({ verdict: "left" });
    await flow.commit();
  });

  it("keeps the decision and goes on to the next question, blind again", async () => {
    await flow.commit();
    expect(fake.settled[0]).toMatchObject({ question: "one", decision: { verdict: "left" } });
    expect([flow.question?.question, flow.mode, flow.revealed]).toEqual(["two", "blind", null]);
    expect(flow.status).toContain("kept");
  });

  it("changes it with a reason only", async () => {
    flow.choose({ verdict: "right" });
    expect([flow.asked, flow.keeps]).toEqual([1, false]);
    await flow.commit();
    expect(fake.settled).toEqual([]);
    flow.reason = "they heard more";
    await flow.commit();
    expect(fake.settled[0]).toMatchObject({ decision: { verdict: "right" }, reason: "they heard more" });
    expect(flow.status).toContain("changed");
  });

  it("asks for no reason where one comes back to the first decision", () => {
    flow.choose({ verdict: "right" });
    flow.choose({ verdict: "left" });
    expect([flow.keeps, flow.hint]).toEqual([true, ""]);
  });

  it("takes the last decision back: its votes are known already", async () => {
    await flow.commit();
    await flow.undo();
    expect([flow.question?.question, flow.mode, flow.last]).toEqual(["one", "votes", null]);
  });

  it("asks what is open where the question was resolved meanwhile", async () => {
    fake.fails = { command: "settle", code: "resolved_already" };
    await flow.commit();
    expect(flow.jobs.problem?.code).toBe("resolved_already");
    fake.open.shift();
    flow.jobs.retry?.();
    await new Promise((done) => setTimeout(done));
    expect(flow.question?.question).toBe("two");
    expect(fake.settled).toEqual([]);
  });

  it("settles nothing twice where the next question fails to come", async () => {
    fake.fails = { command: "next", code: "x" };
    await flow.commit();
    fake.fails = null;
    await flow.commit();
    await new Promise((done) => setTimeout(done));
    expect(fake.settled).toHaveLength(1);
    expect(flow.question?.question).toBe("two");
  });
});

describe("a question", () => {
  it("goes back, and is waited for at the end", async () => {
    await flow.sendBack("one more ear");
    await flow.sendBack("and here");
    expect([flow.mode, flow.waiting, fake.said.length]).toEqual(["done", 2, 2]);
  });

  it("stays where the guideline is flagged, with what was chosen", async () => {
    flow.choose({ verdict: "tie" });
    await flow.flag("say what counts as empty");
    expect([flow.question?.question, flow.decision]).toEqual(["one", { verdict: "tie" }]);
  });

  it("is kept by a look at what is open, and left once it is resolved", async () => {
    flow.choose({ verdict: "tie" });
    flow.reason = "so far";
    await flow.refresh();
    expect([flow.decision, flow.reason]).toEqual([{ verdict: "tie" }, "so far"]);
    fake.open.shift();
    await flow.refresh();
    expect([flow.question?.question, flow.decision, flow.reason]).toEqual(["two", null, ""]);
  });
});
