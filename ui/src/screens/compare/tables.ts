// The tables of agreement: among people, by task and criterion, by person, between two.

import type { AgreementReport } from "../../bindings/AgreementReport";
import type { AnnotatorAgreement } from "../../bindings/AnnotatorAgreement";
import type { Coefficient } from "../../bindings/Coefficient";
import type { PairAgreement } from "../../bindings/PairAgreement";
import type { Part } from "../../bindings/Part";
import type { Verdict } from "../../bindings/Verdict";
import { counted as countedWord, grouped, taskName } from "../../parts/task";
import { decimal, isDefined } from "./figure";
import * as t from "./table";
import type { Cell, Row, Table } from "./table";

const COEFFICIENTS = [
  t.counted("questions"),
  t.counted("votes"),
  t.estimated("α nominal"),
  t.estimated("α ordinal"),
  t.estimated("AC1"),
  t.estimated("Fleiss’ κ"),
  t.estimated("same answer"),
];

/** How intervals were made and *both bad* was counted: what every table rests on. */
export function method(report: AgreementReport): string[] {
  const { level, replicates, seed, method: how } = report.bootstrap;
  return [
    `Intervals of ${Math.round(level * 100)} %: B = ${grouped(replicates)}, seed ${seed}; ${how}.`,
    `Both bad: ${countedWord(report.both_bad.votes, "vote")}, counted ${report.both_bad.counted}.`,
  ];
}

function coefficients(c: Omit<Part, "name">): Cell[] {
  return [
    t.count(c.questions),
    t.count(c.votes),
    t.figure(c.krippendorff_alpha_nominal),
    t.figure(c.krippendorff_alpha_ordinal),
    t.figure(c.gwet_ac1),
    t.figure(c.fleiss_kappa),
    t.figure(c.percent_agreement, "%"),
  ];
}

/** All questions, and each task. */
export function byTask(report: AgreementReport, command: string): Table {
  const parts = report.by["task"] ?? [];
  return {
    id: "agreement",
    title: "Agreement among people",
    about: "by task",
    columns: [t.named("task"), ...COEFFICIENTS],
    rows: [
      { key: "", cells: [t.said("all"), ...coefficients(report)], sum: true },
      ...parts.map((part) => ({
        key: part.name,
        cells: [t.words(taskName(part.name)), ...coefficients(part)],
      })),
    ],
    notes: method(report),
    command,
  };
}

/** The groups of criteria, made by hand, with *ungrouped* as a row; then each criterion, those with
 * most questions first. */
export function byCriterion(report: AgreementReport, command: string): Table {
  const parts = [...(report.by["criterion"] ?? [])].sort((a, b) => b.questions - a.questions);
  const groups = report.by["group"] ?? [];
  return {
    id: "criteria",
    title: "Agreement by criterion group",
    about: `groups made by hand, then ${countedWord(parts.length, "criterion", "criteria")}, most questions first`,
    columns: [t.named("criterion"), ...COEFFICIENTS],
    rows: [
      ...groups.map((part) => ({
        key: `group ${part.name}`,
        cells: [part.name === "ungrouped" ? t.said(part.name) : t.words(part.name), ...coefficients(part)],
        sum: true,
      })),
      ...parts.map((part, at) => ({
        key: `${at} ${part.name}`,
        cells: [t.words(part.name), ...coefficients(part)],
      })),
    ],
    notes: method(report),
    command,
  };
}

const LEANS = { left: "◂", right: "▸" };

function lean(bias: Coefficient): string {
  if (!isDefined(bias) || bias.ci === null) return "";
  if (bias.ci[0] > 0.5) return LEANS.left;
  return bias.ci[1] < 0.5 ? LEANS.right : "";
}

/** How each annotator votes. */
export function people(report: AgreementReport, command: string): Table {
  const row = (one: AnnotatorAgreement): Row => ({
    key: one.annotator,
    cells: [
      t.words(one.name),
      t.count(one.votes),
      t.figure(one.side_bias, "%", lean(one.side_bias)),
      t.figure(one.tie_rate, "%"),
      t.figure(one.self_consistency, "%"),
      t.figure(one.check_accuracy, "%"),
      t.figure(one.percent_with_others, "%"),
      t.figure(one.kappa_with_others),
      one.dawid_skene_accuracy === null
        ? t.missing("because Dawid and Skene’s model was not fitted")
        : t.number(one.dawid_skene_accuracy),
      seconds(one.seconds),
    ],
  });
  return {
    id: "people",
    title: "Annotators",
    about: "",
    columns: [
      t.named("annotator"),
      t.counted("votes"),
      t.estimated("left side"),
      t.estimated("ties"),
      t.estimated("same on repeats"),
      t.estimated("right on checks"),
      t.estimated("as the others"),
      t.estimated("κ with others"),
      t.counted("accuracy"),
      t.counted("seconds"),
    ],
    rows: report.annotators.map(row),
    notes: [
      `Left side: the share of left among votes for a side; ${LEANS.left} leans left, ${LEANS.right} leans right: the interval excludes 50 %.`,
      "Accuracy: how often Dawid and Skene’s model expects the annotator to be right. Seconds: the median of attention a question, with the quartiles.",
      method(report)[1] ?? "",
      ...(report.after_reveal
        ? [`After a prediction was shown: ${report.after_reveal.second_thoughts} second thoughts, ${report.after_reveal.left_out} votes with none before; counted ${report.after_reveal.counted}.`]
        : []),
      ...(report.checks.questions > 0
        ? [`Checks (${report.checks.questions} questions with known answers, ${report.checks.votes} votes) are counted ${report.checks.counted}.`]
        : []),
    ],
    command,
  };
}

function seconds(quartiles: AnnotatorAgreement["seconds"]): Cell {
  if (quartiles === null) return t.missing("because no vote says how long it took");
  const [low, median, high] = quartiles.map((value) => decimal(value, 1));
  return t.said(`${median} (${low}–${high})`);
}

/** What two people said: rows are the first one's verdicts. */
export interface Confusion {
  readonly counts: Table;
  readonly kappas: Table;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  ...{ response1: "response 1", response2: "response 2", tie: "tie", both_bad: "both bad" },
};

/** A verdict in words. */
export function verdictName(verdict: string): string {
  return (VERDICTS as Record<string, string>)[verdict] ?? verdict;
}

/** The answers of two people against each other; null where they share no question. */
export function confusion(
  report: AgreementReport,
  first: AnnotatorAgreement,
  second: AnnotatorAgreement,
  command: string,
): Confusion | null {
  const found = pairOf(report, first.annotator, second.annotator);
  if (found === null) return null;
  const { pair, counts } = found;
  const used = report.answers.map(
    (answer, at) =>
      answer !== "both_bad" ||
      counts[at]?.some((n) => n > 0) ||
      counts.some((row) => (row[at] ?? 0) > 0),
  );
  const kept = report.answers.map((_, at) => at).filter((at) => used[at]);
  const answer = (at: number) => verdictName(report.answers[at] ?? "");
  const about = `${first.name} (rows) and ${second.name} (columns)`;
  const rows = kept.map((at) => ({
    key: String(at),
    cells: [t.said(answer(at)), ...kept.map((to) => t.count(counts[at]?.[to] ?? 0))],
  }));
  const columns = [t.named("said"), ...kept.map((at) => t.counted(answer(at)))];
  const kappas = [
    ["same answer", t.figure(pair.percent_agreement, "%")],
    ["κ", t.figure(pair)],
    ["κ, linear weights", t.figure(pair.kappa_linear)],
    ["κ, quadratic weights", t.figure(pair.kappa_quadratic)],
  ] as const;
  return {
    counts: { id: "confusion", title: "Confusion", about, columns, rows, notes: [], command },
    kappas: {
      id: "kappas",
      title: "Cohen’s κ",
      about: `${first.name} and ${second.name}`,
      columns: [t.named("figure"), t.estimated("value")],
      rows: kappas.map(([name, cell]) => ({ key: name, cells: [t.said(name), cell] })),
      notes: [
        `κ’s interval: from ${report.cohen_kappa_ci}; the others’: from their own standard error. Weighted: 1 < tie < 2, without both bad.`,
      ],
      command,
    },
  };
}

function pairOf(report: AgreementReport, first: string, second: string) {
  const is = (pair: PairAgreement, a: string, b: string) => pair.first === a && pair.second === b;
  for (const pair of Object.values(report.cohen_kappa)) {
    if (is(pair, first, second)) return { pair, counts: pair.confusion };
    if (is(pair, second, first)) return { pair, counts: turned(pair.confusion) };
  }
  return null;
}

/** The two who answered most questions in common. */
export function mostInCommon(report: AgreementReport): PairAgreement | null {
  const common = (pair: PairAgreement) => pair.confusion.flat().reduce((sum, n) => sum + n, 0);
  let most: PairAgreement | null = null;
  for (const pair of Object.values(report.cohen_kappa)) {
    if (most === null || common(pair) > common(most)) most = pair;
  }
  return most;
}

/** Those who answered a question that this one answered, too. */
export function partners(report: AgreementReport, annotator: string): AnnotatorAgreement[] {
  const pairs = Object.values(report.cohen_kappa);
  const ids = new Set(
    pairs.flatMap(({ first, second }) =>
      first === annotator ? [second] : second === annotator ? [first] : [],
    ),
  );
  return report.annotators.filter((one) => ids.has(one.annotator));
}

function turned(counts: readonly (readonly number[])[]): number[][] {
  return counts.map((_, at) => counts.map((row) => row[at] ?? 0));
}
