import { describe, expect, it } from "vitest";

import { decisionWords, DROPS, hasHere, reasonAsked, sameDecision, wordedHere } from "./decisions";

const A = { verdict: "left" } as const;
const TIE = { verdict: "tie" } as const;
const BROKEN = { drop: "broken_item" } as const;
const blind = (decision: typeof A | typeof BROKEN, reason = "") => ({ blind: decision, reason });

describe("a reason", () => {
  it("is asked of no verdict before the votes, and of every drop", () => {
    expect(reasonAsked(A, null)).toBeNull();
    for (const { reason } of DROPS) expect(reasonAsked({ drop: reason }, null)).toContain("dropped");
  });

  it("is asked once the votes have changed the decision", () => {
    expect(reasonAsked(A, blind(A))).toBeNull();
    expect(reasonAsked(TIE, blind(A, "clear to me"))).toContain("convinced");
    expect(reasonAsked(BROKEN, blind(A))).toContain("convinced");
  });

  it("is asked of a kept drop only where none was given", () => {
    expect(reasonAsked(BROKEN, blind(BROKEN))).toContain("dropped");
    expect(reasonAsked(BROKEN, blind(BROKEN, "the file is cut"))).toBeNull();
  });
});

describe("decisions", () => {
  it("are the same by what they decide", () => {
    expect(sameDecision(A, { ...A })).toBe(true);
    expect(sameDecision(A, TIE)).toBe(false);
    expect(sameDecision(A, BROKEN)).toBe(false);
    expect(sameDecision(BROKEN, { drop: "no_consensus" })).toBe(false);
  });

  it("are said in the screen's words", () => {
    expect(decisionWords(A)).toBe("A is better");
    expect(decisionWords(BROKEN)).toBe("Drop: broken item");
  });
});

describe("keys", () => {
  it("speak of A and B, and of what this screen does", () => {
    const key = { action: "left", scope: "label", key: "Digit1", shift: false, says: "Left is better" } as const;
    const drop = { action: "flag", scope: "adjudicate", key: "Digit9", shift: false, says: "Flag" } as const;
    expect(wordedHere([key, drop]).map(({ says }) => says)).toEqual(["A is better", "Flag"]);
    expect(hasHere("commit")).toBe(true);
    expect(hasHere("skip")).toBe(false);
  });
});
