// Reward models beside people: accuracy by task, as the paper's tables have it, and what people
// themselves reach. In response 1 and 2 throughout, never in sides.

import type { CompareReport } from "../../bindings/CompareReport";
import type { ModelReport } from "../../bindings/ModelReport";
import { counted as countedWord, grouped, TASKS, taskName } from "../../parts/task";
import * as t from "./table";
import type { Cell, Table } from "./table";

const SETTINGS = { with_tie: "could tie", without_tie: "had to choose" } as const;

/** A model asked one way, apart from every other. */
export const modelKey = ({ id, setting, shown, template }: ModelReport) =>
  [id, setting, shown, template].filter((word) => word !== "").join(" ");

/** A model as a row names it: versions of one name and ways of asking are told apart where needed. */
export function modelName(model: ModelReport, report: CompareReport): string {
  const same = report.models.filter(({ name }) => name === model.name);
  const differ = <K extends keyof ModelReport>(key: K) => new Set(same.map((one) => one[key])).size > 1;
  const words = [
    ...(differ("hash") ? [model.hash.slice(0, 8)] : []),
    ...(differ("setting") ? [SETTINGS[model.setting]] : []),
    ...(differ("template") ? [`prompt ${model.template.slice(0, 8) || "unknown"}`] : []),
    ...(differ("shown") ? [model.shown === "12" ? "1 first" : "2 first"] : []),
  ];
  return words.length === 0 ? model.name : `${model.name} (${words.join(", ")})`;
}

function tasksOf(report: CompareReport): string[] {
  const found = new Set(
    report.models.flatMap((model) => [...Object.keys(model.with_ties), ...Object.keys(model.without_ties)]),
  );
  const known = TASKS.filter((task) => found.delete(task));
  return [...known, ...found];
}

function accuracy(
  report: CompareReport,
  command: string,
  ties: "with_ties" | "without_ties",
  title: string,
  notes: string[],
): Table {
  const tasks = tasksOf(report);
  const cells = (model: ModelReport): Cell[] => {
    const mean = model[`${ties}_mean`];
    return [
      t.words(modelName(model, report)),
      ...tasks.map((task) => {
        const found = model[ties][task];
        return found ? t.figure(found, "%") : t.missing("because it answered no question of the task that counts");
      }),
      t.figure(mean.mean, "%"),
      t.count(mean.tasks),
    ];
  };
  return {
    id: ties === "with_ties" ? "accuracy-ties" : "accuracy-no-ties",
    title,
    about: "by task",
    columns: [
      t.named("model"),
      ...tasks.map((task) => t.estimated(taskName(task))),
      t.estimated("mean"),
      t.counted("tasks"),
    ],
    rows: report.models.map((model) => ({
      key: modelKey(model),
      cells: cells(model),
    })),
    notes,
    command,
  };
}

/** How often models say what people say, a tie being an answer. */
export function withTies(report: CompareReport, command: string): Table {
  const scored = report.models.some(({ scores }) => scores);
  return accuracy(report, command, "with_ties", "Accuracy with ties", [
    truthNote(report),
    "The mean counts every task alike; means over different tasks cannot be compared. An answer that could not be read counts as wrong.",
    ...(scored
      ? ["Scores tie below a threshold that is fitted by task on other prompts than it is scored on."]
      : []),
    `Intervals of ${report.intervals}.`,
  ]);
}

/** The same without the questions that people call a tie. */
export function withoutTies(report: CompareReport, command: string): Table {
  const from = new Set(
    report.models.map((model) => `${modelName(model, report)}: ${model.without_ties_from}.`),
  );
  return accuracy(report, command, "without_ties", "Accuracy without ties", [
    "Questions that people call a tie are left out.",
    ...from,
  ]);
}

/** People and models on the same targets, and what was asked of each model. */
export function beside(report: CompareReport, command: string): Table {
  const row = (model: ModelReport) => {
    const swap = report.swaps.find(({ hash, name, setting, template }) =>
      hash === model.hash && name === model.name && setting === model.setting && template === model.template);
    const once = "because it saw one order only";
    return {
      key: modelKey(model),
      cells: [
        t.words(modelName(model, report)),
        t.figure(model.on_ceiling_targets, "%"),
        t.count(model.predictions),
        t.count(model.failed),
        t.count(model.unanswered),
        swap ? t.figure(swap.same, "%") : t.missing(once),
        swap ? t.figure(swap.first, "%") : t.missing(once),
      ],
    };
  };
  const none = t.said("");
  return {
    id: "beside-people",
    title: "Beside people",
    about: "each vote, and each model, against what most of the others said",
    columns: [
      t.named("who"),
      t.estimated("as most others"),
      ...["predictions", "failed", "unanswered"].map(t.counted),
      t.estimated("same in both orders"),
      t.estimated("the first shown"),
    ],
    rows: [
      {
        key: "people",
        cells: [t.said("people"), t.figure(report.human_ceiling, "%"), none, none, none, none, none],
        sum: true,
      },
      ...report.models.map(row),
    ],
    notes: [
      `People’s own agreement is on ${countedWord(report.ceiling_targets, "target")}: votes on questions that three people or more answered.`,
    ],
    command,
  };
}

function truthNote({ truth }: CompareReport): string {
  const counts = (all: Partial<Record<string, number>>) =>
    Object.entries(all)
      .filter(([, n]) => n !== 0)
      .map(([what, n]) => `${what.replaceAll("_", " ")} ${grouped(n ?? 0)}`)
      .join(", ");
  const left = counts(truth.left_out);
  return `Against ${countedWord(truth.questions, "question")} with a verdict of people’s (${counts(truth.by_source)})${left === "" ? "" : `; left out: ${left}`}.`;
}
