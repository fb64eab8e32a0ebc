// What models are worth beyond accuracy: the alt-test, differences between models, what draws them,
// whether they follow the criterion, and how tasks go together.

import type { CompareReport } from "../../bindings/CompareReport";
import type { ModelReport } from "../../bindings/ModelReport";
import { counted as countedWord, taskName } from "../../parts/task";
import { decimal } from "./figure";
import { modelKey, modelName } from "./reward";
import * as t from "./table";
import type { Cell, Column, Table } from "./table";
import { verdictName } from "./tables";

/** A row for each model. */
function byModel(report: CompareReport, cells: (model: ModelReport) => Cell[]) {
  return report.models.map((model) => ({
    key: modelKey(model),
    cells: [t.words(modelName(model, report)), ...cells(model)],
  }));
}

/** Whether a model may stand in for a person. */
export function altTest(report: CompareReport, command: string): Table {
  const epsilon = report.models[0]?.alt_test.epsilon ?? 0;
  return {
    id: "alt-test",
    title: "May a model stand in for a person?",
    about: `alternative annotator test, ε = ${epsilon}`,
    columns: [t.named("model"), t.estimated("ω, people won over"), t.estimated("ρ, as near as the person"), t.counted("people"), t.named("answer")],
    rows: byModel(report, ({ alt_test: alt }) => [
      t.figure(alt.omega),
      t.figure(alt.rho),
      t.count(alt.annotators.filter(({ won }) => won !== null).length),
      t.said(alt.passes === null ? "cannot be told" : alt.passes ? "may" : "may not"),
    ]),
    notes: [
      "Each person is left out in turn: is the model nearer to the others, or the person? A model may stand in from ω = 0.5. People with fewer than 30 questions that others answered, too, are not tested against; p by Benjamini and Yekutieli (Calderon, Reichart and Dror 2025).",
    ],
    command,
  };
}

/** The test against each person. */
export function altPeople(model: ModelReport, report: CompareReport, command: string): Table {
  const few = "because the person shares fewer than 30 questions with others that the model was asked of";
  const share = (value: number | null) => (value === null ? t.missing(few) : t.number(value));
  return {
    id: "alt-people",
    title: "Against each person",
    about: modelName(model, report),
    columns: [t.named("person"), ...["questions", "model as near", "person as near", "p"].map(t.counted), t.named("answer")],
    rows: model.alt_test.annotators.map((one) => ({
      key: one.annotator,
      cells: [
        t.words(one.name),
        t.count(one.n),
        share(one.advantage_model),
        share(one.advantage_human),
        one.p_adjusted === null ? t.missing(few) : t.said(probability(one.p_adjusted)),
        t.said(one.won === null ? "" : one.won ? "won" : "not won"),
      ],
    })),
    notes: [model.alt_test.says],
    command,
  };
}

/** A probability as a paper prints it. */
export function probability(p: number): string {
  return p < 0.001 ? "< 0.001" : decimal(p, 3);
}

const TIES = { with_ties: "with ties", without_ties: "without ties" } as const;

/** By how much a model is right more often than another. */
export function differences(report: CompareReport, ties: keyof typeof TIES, command: string): Table {
  const name = (place: number) => {
    const model = report.models[place];
    return t.words(model ? modelName(model, report) : "");
  };
  const p = (value: number | null) => (value === null ? t.missing("because there is no difference to test") : t.number(value, 3));
  return {
    id: ties === "with_ties" ? "differences-ties" : "differences-no-ties",
    title: `Paired differences ${TIES[ties]}`,
    about: "accuracy of the first less that of the second, on the questions that both answered",
    columns: [t.named("first"), t.named("second"), t.estimated("difference"), ...["questions", "tasks", "p", "p (Holm)"].map(t.counted)],
    rows: report.paired_differences[ties].map((one) => ({
      key: `${one.first} ${one.second}`,
      cells: [
        name(one.first),
        name(one.second),
        t.figure(one.difference),
        "undefined" in one.difference ? t.count(0) : t.count(one.difference.n),
        t.count(one.tasks),
        p(one.p_value),
        p(one.p_holm),
      ],
    })),
    notes: [
      ...(ties === "with_ties" ? ["Models that had to choose are left out."] : []),
      `Method: ${report.paired_differences.method}.`,
    ],
    command,
  };
}

const BESIDE: readonly Column[] = ["model", "people", "model less people"].map(t.estimated);

/** The first place, beside people's own leaning. */
export function firstPlace(report: CompareReport, command: string): Table {
  return {
    id: "first-place",
    title: "Does the first place draw it?",
    about: "how often the response that the model saw first is preferred, where it and people decide",
    columns: [t.named("model"), ...BESIDE],
    rows: byModel(report, ({ position }) => [
      ...[position.model, position.human].map((share) => t.figure(share, "%")),
      t.figure(position.difference),
    ]),
    notes: ["Which response comes first is the data’s, so people’s own share on the same questions stands beside. Both orders of one model show more: “Beside people” has them."],
    command,
  };
}

/** Length, beside people's own leaning. */
export function longer(report: CompareReport, command: string): Table {
  return {
    id: "length-bias",
    title: "Does length draw it?",
    about: "how often the longer response is preferred, where it and people decide",
    columns: [t.named("model"), ...BESIDE, ...["slope: model", "slope: people"].map(t.estimated)],
    rows: byModel(report, ({ length: { longer_preferred: preferred, slope_model, slope_human } }) => [
      ...[preferred.model, preferred.human].map((share) => t.figure(share, "%")),
      t.figure(preferred.difference),
      ...[slope_model, slope_human].map((slope) => t.figure(slope)),
    ]),
    notes: [
      "Of questions whose responses are words alone, in letters. The slope is of the choice on the logarithm of the ratio of lengths: above 0, to the longer. Longer answers may be better ones, so people’s own share stands beside.",
    ],
    command,
  };
}

/** What a model does where the criterion changes. */
export function following(report: CompareReport, command: string): Table {
  return {
    id: "criterion-following",
    title: "Does it follow the criterion?",
    about: "pairs asked under several criteria, ties of people’s left out",
    columns: [
      t.named("model"),
      ...["different winners", "the same winner", "difference", "right under all", "moves with people", "stays with people"].map(t.estimated),
      ...["pairs, different", "pairs, same"].map(t.counted),
    ],
    rows: byModel(report, ({ criterion_following: found }) => [
      t.figure(found.accuracy_shifted, "%"),
      t.figure(found.accuracy_invariant, "%"),
      t.figure(found.difference),
      ...[found.pairs_right, found.moves, found.stays].map((share) => t.figure(share, "%")),
      t.count(found.shifted_pairs),
      t.count(found.invariant_pairs),
    ]),
    notes: [
      "Accuracy on pairs whose criteria pick different winners, and on those whose criteria pick the same. A model that ignores the criterion stays where people move.",
    ],
    command,
  };
}

/** How tasks go together over models. */
export function correlations(report: CompareReport, command: string): Table {
  const rows = (ties: keyof typeof TIES) =>
    report.task_correlations[ties].map((one) => ({
      key: `${ties} ${one.first} ${one.second}`,
      cells: [
        t.words(taskName(one.first)),
        t.words(taskName(one.second)),
        t.said(TIES[ties]),
        t.figure(one.spearman),
        t.figure(one.pearson),
        "undefined" in one.spearman ? t.said("") : t.count(one.spearman.n),
      ],
    }));
  return {
    id: "task-correlations",
    title: "Tasks over models",
    about: report.reference.length > 0 ? `with ${report.reference.length} models of the paper` : "",
    columns: [t.named("task"), t.named("task"), t.named("accuracy"), t.estimated("Spearman"), t.estimated("Pearson"), t.counted("models")],
    rows: [...rows("with_ties"), ...rows("without_ties")],
    notes: ["Refused below ten models. A model that was asked in several ways counts once."],
    command,
  };
}

const SAID = ["response1", "response2", "tie", "none"] as const;

/** What people say by row, and the model by column. */
export function modelConfusion(model: ModelReport, report: CompareReport, command: string): Table {
  const rows = ["response1", "response2", "tie", "both_bad"].filter((verdict) => model.confusion[verdict]);
  return {
    id: "model-confusion",
    title: "People by row, the model by column",
    about: modelName(model, report),
    columns: [t.named("people"), ...SAID.map((said) => t.counted(said === "none" ? "nothing readable" : verdictName(said)))],
    rows: rows.map((verdict) => ({
      key: verdict,
      cells: [t.said(verdictName(verdict)), ...SAID.map((said) => t.count(model.confusion[verdict]?.[said] ?? 0))],
    })),
    notes: [],
    command,
  };
}

/** Whether a model is as sure as it is right, bin by bin. */
export function calibration(model: ModelReport, report: CompareReport, command: string): Table {
  const { bins, expected_calibration_error: error, brier_score: brier, ties_left_out, not_numbers } = model.calibration;
  return {
    id: "calibration",
    title: "Calibration",
    about: modelName(model, report),
    columns: [t.named("P(1 better)"), t.estimated("stated"), t.estimated("observed"), t.counted("questions")],
    rows: [
      ...bins.map((bin) => ({
        key: String(bin.low),
        cells: [t.said(`${decimal(bin.low, 1)}–${decimal(bin.high, 1)}`), t.number(bin.mean_probability), t.figure(bin.observed), t.count(bin.n)],
      })),
      { key: "error", cells: [t.said("expected calibration error"), t.said(""), t.figure(error, "", ""), t.said("")], sum: true },
      { key: "brier", cells: [t.said("Brier score"), t.said(""), t.figure(brier), t.said("")], sum: true },
    ],
    notes:
      bins.length === 0
        ? []
        : [
            `P(1 better) = σ(score 1 − score 2), against people’s verdict. ${countedWord(ties_left_out, "tie")} of people’s left out${not_numbers > 0 ? `, and ${countedWord(not_numbers, "question")} with a score that is no number` : ""}. The error is never below 0, so of few questions it is too high.`,
          ],
    command,
  };
}
