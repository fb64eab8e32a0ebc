import { expect, test } from "vitest";

import type { ModelReport } from "../../bindings/ModelReport";
import { compareCommand } from "./command";
import { probability } from "./judged";
import { moved } from "./moves";
import { reliability } from "./reliability";

test("probabilities are written as papers print them", () => {
  expect(probability(0.0004)).toBe("< 0.001");
  expect(probability(0.0254)).toBe("0.025");
  expect(probability(1)).toBe("1.000");
});

test("keys go through a list and stop at its ends", () => {
  expect(moved("ArrowDown", 0, 3)).toBe(1);
  expect(moved("ArrowDown", 2, 3)).toBe(2);
  expect(moved("PageUp", 2, 30)).toBe(0);
  expect(moved("End", 0, 30)).toBe(29);
  expect(moved("x", 0, 30)).toBe(null);
});

test("the command names all that figures depend on", () => {
  const request = { rule: "majority", replicates: 9, seed: 2, folds: 3, alt_epsilon: 0.15, contradictions: 5 } as const;
  expect(compareCommand("p", { ...request, with_paper: true })).toBe(
    "tiebreak compare p --rule majority --replicates 9 --seed 2 --folds 3 --alt-epsilon 0.15 --contradictions 5 --with-paper --json",
  );
  expect(compareCommand("p", { ...request, with_paper: false })).not.toContain("paper");
});

test("the curve has a dot for each bin, and none without scores", () => {
  const bin = (n: number, stated: number, value: number) => ({
    ...{ low: 0, high: 1, n, mean_probability: stated },
    observed: { value, ci: [value - 0.1, value + 0.1] as [number, number], n, se: null },
  });
  const model = (bins: unknown[]) => ({ calibration: { bins } }) as unknown as ModelReport;
  const plot = reliability(model([bin(4, 0.2, 0.3), bin(90, 0.8, 0.7)]), "m", "c");
  const dots = plot?.marks.filter(({ kind }) => kind === "dot") ?? [];
  expect(dots.map((dot) => dot.kind === "dot" && dot.says)).toEqual([
    "stated 0.20, observed 0.30, n = 4",
    "stated 0.80, observed 0.70, n = 90",
  ]);
  expect(reliability(model([]), "m", "c")).toBe(null);
});
