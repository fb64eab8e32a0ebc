// Predictions that people had seen: accuracy without the questions that were resolved with one, and
// what showing them does to votes.

import type { CompareReport } from "../../bindings/CompareReport";
import type { RevealingReport } from "../../bindings/RevealingReport";
import { modelKey, modelName } from "./reward";
import * as t from "./table";
import type { Table } from "./table";

/** Accuracy with and without the questions whose resolution had seen a prediction; null where none had. */
export function unseen(report: CompareReport, command: string): Table | null {
  const rows = report.models.flatMap((model) => {
    const { unseen } = model;
    if (unseen === null) return [];
    return [
      {
        key: modelKey(model),
        cells: [
          t.words(modelName(model, report)),
          t.figure(model.with_ties_mean.mean, "%"),
          t.figure(unseen.with_ties_mean.mean, "%"),
          t.figure(model.without_ties_mean.mean, "%"),
          t.figure(unseen.without_ties_mean.mean, "%"),
          t.count(unseen.left_out),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  return {
    id: "unseen",
    title: "Without the questions that were resolved with a prediction known",
    about: "means over tasks",
    columns: [
      t.named("model"),
      t.estimated("with ties, all"),
      t.estimated("with ties, unseen"),
      t.estimated("without ties, all"),
      t.estimated("without ties, unseen"),
      t.counted("left out"),
    ],
    rows,
    notes: [
      "A resolution has seen a prediction where the adjudicator was shown one, his queue was ordered by them, or a vote that it rests on was cast after one was shown.",
    ],
    command,
  };
}

/** First votes against the model, where its answer is shown and in the silent arm. */
export function arms(found: RevealingReport, command: string): Table {
  return {
    id: "revealing",
    title: "Showing predictions to people",
    about: found.model === null ? "" : `first votes that say what ${found.model} says`,
    columns: [t.named("where"), t.estimated("as the model")],
    rows: [
      { key: "told", cells: [t.said("it is shown after the vote"), t.figure(found.told, "%")] },
      { key: "silent", cells: [t.said("it is never shown: the silent arm"), t.figure(found.silent, "%")] },
      { key: "bias", cells: [t.said("difference"), t.figure(found.bias, "%")] },
    ],
    notes: [found.says],
    command,
  };
}
