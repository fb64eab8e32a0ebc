import { describe, expect, it } from "vitest";

import { GuidelineReader } from "./guideline.svelte";

const words = (version: number) => ({ version, text: `words of ${version}`, at_ms: 0 });

function reader(version: number | null, refuses = false) {
  const told: number[] = [];
  const made = new GuidelineReader(
    () => Promise.resolve(version === null ? null : words(version)),
    (v) => (refuses ? Promise.reject(new Error("full")) : Promise.resolve(void told.push(v))),
  );
  return { made, told };
}

describe("the guideline", () => {
  it("is told of once, first as there, then as changed", () => {
    const { made, told } = reader(1);
    made.hear({ guideline: 1, guideline_told: null });
    expect(made.news).toEqual({ version: 1, changed: false });
    made.hear({ guideline: 1, guideline_told: null });
    expect(made.news).toBeNull();
    made.hear({ guideline: 2, guideline_told: 1 });
    expect(made.news).toEqual({ version: 2, changed: true });
    expect(told).toEqual([1, 2]);
  });

  it("is not told of to who was told before, or where there is none", () => {
    const { made, told } = reader(3);
    made.hear({ guideline: 3, guideline_told: 3 });
    expect(made.news).toBeNull();
    made.hear({ guideline: null, guideline_told: null });
    expect(made.news).toBeNull();
    expect(told).toEqual([]);
  });

  it("counts as told once it was read, and opens only where there is one", async () => {
    const { made, told } = reader(2);
    expect(await made.show()).toBe(true);
    expect(made.open).toEqual(words(2));
    made.hear({ guideline: 2, guideline_told: null });
    expect(made.news).toBeNull();
    expect(told).toEqual([2]);
    made.close();
    expect(made.open).toBeNull();
    expect(await reader(null).made.show()).toBe(false);
  });

  it("goes on where being told could not be written down", () => {
    const { made } = reader(1, true);
    made.hear({ guideline: 1, guideline_told: null });
    expect(made.news).toEqual({ version: 1, changed: false });
  });
});
