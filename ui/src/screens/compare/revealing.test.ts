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

it("where second thoughts went is told with their numbers, and too few are too few", () => {
  const few = { undefined: "because 3 votes are too few to say: 30 are asked for" };
  const found = {
    ...{ when: "each", silent_share: 0.2, model: "judge", shown: 7, second_thoughts: 4, left_out: 1 },
    ...{ moves: { toward: 2, away: 1, elsewhere: 0, stayed: 1, unknown: 0 }, told: half, silent: few, bias: few },
  } as unknown as RevealingReport;
  const table = arms(found, "");
  expect(table.notes[0]).toContain("4 second thoughts: 2 to what the model says, 1 away from it");
  expect(table.notes[1]).toContain("1 vote ");
  expect(table.rows.map(({ cells }) => cells[1]?.kind)).toEqual(["figure", "undefined", "undefined"]);
});
