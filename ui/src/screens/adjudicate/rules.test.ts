import { describe, expect, it } from "vitest";

import type { ResolutionInfo } from "../../bindings/ResolutionInfo";
import { batches, batchOf, decisionInData, leftCounts, newestFirst, ruleWords, verdictCounts } from "./rules";

function resolution(id: string, at_ms: number, provenance: unknown = {}): ResolutionInfo {
  return {
    ...{ resolution: id, question: `q-${id}`, decision: { verdict: "tie" }, rule: "majority" },
    ...{ reason: "", provenance, at_ms },
  };
}

describe("counts", () => {
  it("come in the vocabulary's order, with no zeros and nothing dropped", () => {
    expect(verdictCounts({ tie: 2, response1: 1200, both_bad: 0 })).toBe("1\u202f200 response 1 · 2 tie");
    expect(verdictCounts({})).toBe("none");
    expect(leftCounts({ below_p: 1, too_few_votes: 3, another: 4 })).toBe(
      "3 with too few votes · 1 below p · 4 another",
    );
  });
});

describe("what stands", () => {
  it("is listed newest first, and only so far", () => {
    const all = [resolution("a", 1), resolution("c", 3), resolution("b", 3)];
    expect(newestFirst(all).map((one) => one.resolution)).toEqual(["c", "b", "a"]);
    expect(newestFirst(all, 1)).toHaveLength(1);
    expect(all.map((one) => one.resolution)).toEqual(["a", "c", "b"]);
  });

  it("is gathered by run; what an undo brought back is in none", () => {
    const run = { batch: "r1" };
    const all = [
      ...[resolution("a", 1, run), resolution("b", 2, run), resolution("c", 5, { batch: "r2" })],
      ...[resolution("d", 9, { batch: "r1", reverses: "x" }), resolution("e", 9, null)],
    ];
    expect(batches(all)).toEqual([
      { id: "r2", rule: "majority", count: 1, at_ms: 5 },
      { id: "r1", rule: "majority", count: 2, at_ms: 2 },
    ]);
    expect(batchOf(resolution("f", 1, { batch: 7 }))).toBeNull();
  });

  it("is said in the data's terms", () => {
    expect(decisionInData({ verdict: "response2" })).toBe("response 2");
    expect(decisionInData({ drop: "no_consensus" })).toBe("dropped: no consensus");
    expect([ruleWords("dawid_skene"), ruleWords("imported"), ruleWords("new")]).toEqual([
      ...["Dawid–Skene", "came with the data", "new"],
    ]);
  });
});
