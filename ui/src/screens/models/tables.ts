// The surface's figures as tables: how much it explains, and what weighs most.

import type { SurfaceFigures } from "../../bindings/SurfaceFigures";
import type { SurfaceReport } from "../../bindings/SurfaceReport";
import { counted as countedWord, grouped } from "../../parts/task";
import * as t from "../compare/table";
import type { Cell, Table } from "../compare/table";

const NO_QUESTIONS = "because there are no questions of the kind";

function share(value: number | null): Cell {
  if (value === null) return t.missing(NO_QUESTIONS);
  return { kind: "figure", value, ci: null, unit: "%", places: 2, mark: "" };
}

/** How much of the labels is explained, in all and by criterion. */
export function explained(report: SurfaceReport, command: string): Table {
  const cells = (name: Cell, figures: SurfaceFigures, prompts: number, questions: number): Cell[] => [
    ...[name, t.figure(figures.explained, "%"), t.figure(figures.with_ties, "%"), share(figures.commonest_with_ties)],
    ...[t.figure(figures.without_ties, "%"), share(figures.commonest_without_ties)],
    ...[t.count(questions), t.count(prompts)],
  ];
  const one = report.by_criterion.length === 0;
  return {
    id: "surface-explained",
    title: "What the surface explains",
    about: one ? "of all labels" : "of all labels, and of each criterion’s by a fit of its own",
    columns: [
      ...[t.named("labels"), t.estimated("explained"), t.estimated("right, with ties")],
      ...[t.estimated("commonest verdict, with ties"), t.estimated("right, without ties")],
      ...[t.estimated("commonest verdict, without ties"), t.counted("questions"), t.counted("prompts")],
    ],
    rows: [
      { key: "all", cells: cells(t.said("all"), report.all, report.prompts, report.questions), sum: true },
      ...report.by_criterion.map(({ criterion, figures, prompts, questions }, at) => ({
        key: String(at),
        cells: cells(t.words(criterion), figures, prompts, questions),
      })),
    ],
    notes: [restsOn(report), ...others(report), report.method],
    command,
  };
}

function restsOn(report: SurfaceReport): string {
  const left = [
    report.both_bad > 0 ? `${grouped(report.both_bad)} both bad` : "",
    report.unread > 0 ? `${countedWord(report.unread, "question")} whose media cannot be read` : "",
  ].filter((part) => part !== "");
  const open = report.undecided > 0 ? ` On ${countedWord(report.undecided, "question")} no verdict leads: they do not count for what is right.` : "";
  const finals = report.from_resolutions > 0 ? ` and ${countedWord(report.from_resolutions, "final verdict")} where nobody voted` : "";
  return `${countedWord(report.votes, "vote")}${finals}${left.length > 0 ? `; left out: ${left.join(", ")}` : ""}. Explained: 0 is a coin, 100 % knows every label, below 0 it misleads.${open}`;
}

function others({ by_criterion: listed, other_criteria: more }: SurfaceReport): string[] {
  if (more === 0) return [];
  const why = "with too few prompts, or fewer questions";
  return [`${countedWord(more, listed.length === 0 ? "criterion" : "more criterion", listed.length === 0 ? "criteria" : "more criteria")} ${why}, ${more === 1 ? "is" : "are"} not listed.`];
}

/** Which features weigh, heaviest first. */
export function weights(report: SurfaceReport, command: string): Table {
  return {
    id: "surface-weights",
    title: "What weighs most",
    about: "heaviest first",
    columns: [
      ...[t.named("a response with"), t.counted("preferred, of 100 times")],
      ...[t.counted("weight"), t.counted("same sign in folds")],
    ],
    rows: report.all.weights.map((one) => ({
      key: one.feature,
      cells: [
        ...[t.said(one.says), t.number(one.preferred_percent, 0)],
        ...[t.number(one.weight, 2), t.said(`${one.same_sign_in} of ${report.folds.length}`)],
      ],
    })),
    notes: [
      "All else equal, at a difference of the usual size. Features that go together, such as words and characters, share their weight.",
    ],
    command,
  };
}
