import { expect, it } from "vitest";

import type { AgreementReport } from "../../bindings/AgreementReport";
import type { AnnotatorAgreement } from "../../bindings/AnnotatorAgreement";
import type { PairAgreement } from "../../bindings/PairAgreement";
import { split } from "./models";
import { confusion, mostInCommon, partners } from "./tables";

const why = { undefined: "because" };

function pair(first: string, second: string, counts: number[][]): PairAgreement {
  const others = { percent_agreement: why, kappa_linear: why, kappa_quadratic: why };
  return { first, second, confusion: counts, ...others, value: 0.5, ci: null, n: 9, se: null };
}

const person = (id: string) => ({ annotator: id, name: `name ${id}` }) as AnnotatorAgreement;
const [a, b, c] = [person("a"), person("b"), person("c")];
const report = {
  answers: ["response1", "tie", "response2", "both_bad"],
  annotators: [a, b, c],
  cohen_kappa: {
    "a|b": pair("a", "b", [[1, 2, 0, 0], [0, 3, 0, 0], [0, 0, 4, 0], [0, 0, 0, 0]]),
    "b|c": pair("b", "c", [[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]),
  },
  cohen_kappa_ci: "resampled prompts",
} as unknown as AgreementReport;

const numbers = (first: AnnotatorAgreement, second: AnnotatorAgreement) =>
  confusion(report, first, second, "")?.counts.rows.map(({ cells }) =>
    cells.flatMap((cell) => (cell.kind === "count" ? [cell.value] : [])),
  );

it("rows are the first one's, and a both bad that nobody said has none", () => {
  expect(numbers(a, b)).toEqual([[1, 2, 0], [0, 3, 0], [0, 0, 4]]);
  expect(numbers(b, a)).toEqual([[1, 0, 0], [2, 3, 0], [0, 0, 4]]);
  expect(numbers(b, c)?.[0]).toEqual([1, 0, 0, 1]);
  expect(numbers(a, c)).toBeUndefined();
});

it("those with most in common come first, and only partners are offered", () => {
  expect(mostInCommon(report)?.second).toBe("b");
  expect(partners(report, "b").map(({ annotator }) => annotator)).toEqual(["a", "c"]);
  expect(partners(report, "a").map(({ annotator }) => annotator)).toEqual(["b"]);
});

it("a split is told by its leading verdict, where there is one", () => {
  const of = (counts: Record<string, number>) => split({ counts } as Parameters<typeof split>[0]);
  expect(of({ response1: 2, response2: 1 })).toBe("response 1, 2 : 1");
  expect(of({ tie: 1, response2: 1 })).toBe("split, 1 : 1");
});
