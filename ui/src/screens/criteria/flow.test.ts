import { beforeEach, expect, it } from "vitest";

import type { CriteriaBackend } from "../../backend";
import type { CriteriaRequest } from "../../bindings/CriteriaRequest";
import type { CriterionInfo } from "../../bindings/CriterionInfo";
import { CriteriaFlow, PAGE } from "./flow.svelte";
import { LIST_KEYS, listAct } from "./keys";

const row = (n: number): CriterionInfo => ({
  ...{ criterion: `c${n}`, text: `sentence ${n}`, version: 1, author: null, group: null },
  ...{ pairs: 2, merged: 0, votes: n },
});

/** A project in memory that remembers what was asked of it. */
class Fake {
  rows = Array.from({ length: 250 }, (_, n) => row(n));
  asked: CriteriaRequest[] = [];
  done: string[] = [];
  refuses = false;

  backend(): CriteriaBackend {
    const act = (what: string) => {
      if (this.refuses) throw Object.assign(new Error("refused"), { code: "no" });
      this.done.push(what);
    };
    return {
      list: (request: CriteriaRequest) => {
        this.asked.push(request);
        const found = this.rows.filter(({ text }) => text.includes(request.search));
        const criteria = found.slice(request.offset, request.offset + request.limit);
        return Promise.resolve({ criteria, total: found.length, groups: [] });
      },
      phase: () => Promise.resolve({ phase: null }),
      edit: async (criterion: string, text: string, kind: "typo" | "meaning") => {
        act(`${kind} ${criterion} ${text}`);
        const votes = kind === "typo" ? { votes_stay: 3, votes_fall: 0 } : { votes_stay: 0, votes_fall: 3 };
        return Promise.resolve({ ...votes, kind, people_again: 1, resolutions_taken_back: 2 });
      },
      same: async (ids: readonly string[]) => {
        act(`same ${ids.join(" ")}`);
        return Promise.resolve({ questions: 2, votes: 1, left: 1 });
      },
    } as unknown as CriteriaBackend;
  }
}

let fake: Fake;
let flow: CriteriaFlow;

beforeEach(async () => {
  fake = new Fake();
  flow = new CriteriaFlow(fake.backend());
  await flow.load();
});

it("steps go over the edge of a page, and stop at the ends", async () => {
  expect(flow.current?.criterion).toBe("c0");
  await flow.step(-1);
  expect(flow.current?.criterion).toBe("c0");
  flow.at = PAGE - 1;
  await flow.step(1);
  expect([flow.offset, flow.current?.criterion]).toEqual([PAGE, `c${PAGE}`]);
  await flow.step(-1);
  expect([flow.offset, flow.current?.criterion]).toEqual([0, `c${PAGE - 1}`]);
  await flow.turn(1);
  await flow.turn(1);
  await flow.turn(1);
  expect(flow.offset).toBe(200);
});

it("marks keep their order over pages, and the first marked stays in a merge", async () => {
  flow.at = 5;
  flow.mark();
  await flow.turn(1);
  flow.mark();
  expect(flow.meant.map(({ criterion }) => criterion)).toEqual(["c5", "c100"]);
  await flow.same(flow.meant.map(({ criterion }) => criterion));
  expect(fake.done).toEqual(["same c5 c100"]);
  expect(flow.said).toContain("2 questions no longer asked, with 1 vote; 1 question left");
  expect(flow.marked).toEqual([]);
});

it("a search begins at the top, and what was asked for last is shown", async () => {
  await flow.turn(1);
  const slow = flow.find("sentence 1");
  const fast = flow.find("sentence 24");
  await Promise.all([slow, fast]);
  expect(flow.offset).toBe(0);
  expect(flow.page?.total).toBe(11);
});

it("what an edit did is said; a refusal is told and changes nothing", async () => {
  expect(await flow.edit("c0", "new", "meaning")).toBe(true);
  expect(flow.said).toBe("Changed: 3 votes no longer stand, 1 person gets the questions again, 2 resolutions taken back.");
  fake.refuses = true;
  expect(await flow.edit("c0", "newer", "typo")).toBe(false);
  expect(flow.trouble?.message).toBe("refused");
  expect(fake.done).toEqual(["meaning c0 new"]);
});

it("no key of the list means two things, and none takes a shortcut of the system", () => {
  const all = LIST_KEYS.flatMap(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
  const press = { key: "S", ctrlKey: false, altKey: false, metaKey: false, isComposing: false };
  expect(listAct(press)).toBe("same");
  expect(listAct({ ...press, ctrlKey: true })).toBeNull();
  expect(listAct({ ...press, key: "z" })).toBeNull();
});
