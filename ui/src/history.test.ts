import { expect, it } from "vitest";

import { newer, older, steps } from "./history";

it("steps stay between the present and the oldest entry", () => {
  expect(older(0, 2)).toBe(1);
  expect(older(2, 2)).toBe(2);
  expect(older(0, 0)).toBe(0);
  expect(newer(2)).toBe(1);
  expect(newer(0)).toBe(0);
});

it("an assignment is one step, and the one on the screen is none", () => {
  const entries = ["c", "b", "c", "a"].map((assignment) => ({ assignment }));
  expect(steps(entries, "b").map((e) => e.assignment)).toEqual(["c", "a"]);
  expect(steps(entries, null).map((e) => e.assignment)).toEqual(["c", "b", "a"]);
});
