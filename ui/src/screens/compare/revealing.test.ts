import { expect, it } from "vitest";

import type { CompareReport } from "../../bindings/CompareReport";
import type { RevealingReport } from "../../bindings/RevealingReport";
import { arms, unseen } from "./revealing";

const half = { value: 0.5, ci: null, n: 40, se: null };
const whole = { value: 1, ci: null, n: 30, se: null };
const mean = (of: typeof half) => ({ mean: of, tasks: 1 });
const model = {
  ...{ id: "m", name: "judge", hash: "h", setting: "with_tie", shown: "12" },
  ...{ with_ties_mean: mean(half), without_ties_mean: mean(half) },
};

it("there is no table where no resolution had seen a prediction", () => {
  const report = { models: [{ ...model, unseen: null }] } as unknown as CompareReport;
  expect(unseen(report, "")).toBeNull();
});

it("accuracy stands beside itself without the questions that had", () => {
  const without = { left_out: 10, with_ties_mean: mean(whole), without_ties_mean: mean(whole) };
  const report = { models: [{ ...model, unseen: without }] } as unknown as CompareReport;
  const [row] = unseen(report, "")?.rows ?? [];
  const values = row?.cells.map((cell) => ("value" in cell ? cell.value : cell.kind === "words" ? cell.text : null));
  expect(values).toEqual(["judge", 0.5, 1, 0.5, 1, 10]);
});

it("the arms stand beside each other, and too few are too few", () => {
  const few = { undefined: "because 3 votes are too few to say: 30 are asked for" };
  const found = {
    ...{ model: "judge", says: "A prediction was shown 7 times.", told: half, silent: few, bias: few },
  } as unknown as RevealingReport;
  const table = arms(found, "");
  expect(table.notes).toEqual(["A prediction was shown 7 times."]);
  expect(table.rows.map(({ cells }) => cells[1]?.kind)).toEqual(["figure", "undefined", "undefined"]);
});
