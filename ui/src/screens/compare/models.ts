// What the votes come to: verdicts by two rules, agreement as the work goes on, rankings of the
// models that answered.

import type { AgreementReport } from "../../bindings/AgreementReport";
import type { Disagreement } from "../../bindings/Disagreement";
import type { Disagreements } from "../../bindings/Disagreements";
import type { RankedModel } from "../../bindings/RankedModel";
import type { Ranking } from "../../bindings/Ranking";
import type { Rankings } from "../../bindings/Rankings";
import { counted as countedWord, grouped, taskName } from "../../parts/task";
import { decimal, isDefined } from "./figure";
import * as t from "./table";
import type { Cell, Table } from "./table";
import { method, verdictName } from "./tables";

/** How many questions got which verdict, by plurality and by Dawid and Skene's model. */
export function verdicts(report: AgreementReport, command: string): Table {
  const { plurality, dawid_skene: em } = report;
  const fitted = "undefined" in em ? null : em;
  const why = "undefined" in em ? em.undefined : "";
  const answers = report.answers.filter(
    (answer) => answer !== "both_bad" || plurality.counts[answer] || fitted?.counts[answer],
  );
  const notes = [
    `Plurality: ${plurality.rule}. ${countedWord(plurality.unanimous, "question")} of ${grouped(plurality.with_two_votes)} with two votes or more ${plurality.unanimous === 1 ? "is" : "are"} unanimous.`,
    fitted === null
      ? `Dawid–Skene: undefined, ${why}.`
      : `Dawid–Skene: log-likelihood ${decimal(fitted.log_likelihood, 4)} after ${countedWord(fitted.iterations, "round")}; ${fitted.stopping_rule} (${fitted.converged ? "met" : "not met: the rounds ran out"}). ${countedWord(fitted.equally_likely, "question")} with equally likely verdicts got the first of them.`,
  ];
  const row = (name: string, of: (answer: string) => Cell) => ({
    key: name,
    cells: [t.said(name), ...answers.map(of)],
  });
  return {
    id: "verdicts",
    title: "Verdicts",
    about: "how many questions got which",
    columns: [t.named("by"), ...answers.map((answer) => t.counted(verdictName(answer))), t.counted("none")],
    rows: [
      withNone(row("plurality", (answer) => t.count(plurality.counts[answer] ?? 0)), t.count(plurality.shared_first_place)),
      withNone(
        row("Dawid–Skene", (answer) => (fitted ? t.count(fitted.counts[answer] ?? 0) : t.missing(why))),
        fitted ? t.count(0) : t.missing(why),
      ),
    ],
    notes,
    command,
  };
}

function withNone(row: { key: string; cells: Cell[] }, none: Cell) {
  return { ...row, cells: [...row.cells, none] };
}

/** Agreement in blocks of time. */
export function overTime(report: AgreementReport, command: string): Table {
  return {
    id: "over-time",
    title: "Agreement over time",
    about: report.over_time.order,
    columns: [
      ...[t.counted("block"), t.named("until"), t.counted("questions"), t.counted("votes")],
      ...[t.estimated("same answer"), t.estimated("α nominal")],
    ],
    rows: report.over_time.blocks.map((block, at) => ({
      key: String(at),
      cells: [
        t.count(at + 1),
        t.said(moment(block.to_ms)),
        t.count(block.questions),
        t.count(block.votes),
        t.figure(block.percent_agreement, "%"),
        t.figure(block.krippendorff_alpha_nominal),
      ],
    })),
    notes: [method(report)[0] ?? ""],
    command,
  };
}

/** 2026-03-04 15:06, as the clock here shows it. */
export function moment(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The three ways of ranking, by their names. */
export function methods(rankings: Rankings): readonly (readonly [string, Ranking])[] {
  return [
    ["ties as half", rankings.bradley_terry_ties_as_half],
    ["without ties", rankings.bradley_terry_without_ties],
    ["Davidson", rankings.davidson],
  ];
}

/** The models, strongest first by the first way that orders them. */
export function inOrder(rankings: Rankings): string[] {
  const found = methods(rankings).map(([, ranking]) => ranking).find((r) => !("undefined" in r));
  if (found === undefined || "undefined" in found) return rankings.models;
  const strength = (model: string) => {
    const ranked = found.models[model];
    return ranked && isDefined(ranked) ? ranked.value : -Infinity;
  };
  return [...rankings.models].sort((a, b) => strength(b) - strength(a));
}

function rank(ranked: RankedModel): Cell {
  if (ranked.rank === null) return t.missing("because no drawing of the prompts determines a ranking");
  const [own, best, worst] = ranked.rank;
  return t.said(best === worst ? `${own}` : `${own} (${best}–${worst})`);
}

/** Strengths and ranks. */
export function ranking(rankings: Rankings, about: string, report: AgreementReport, command: string): Table {
  const ways = methods(rankings);
  const cells = (model: string) =>
    ways.flatMap(([, way]) => {
      if ("undefined" in way) return [t.missing(way.undefined), t.missing(way.undefined)];
      const ranked = way.models[model];
      if (!ranked) return [t.missing("because it was never compared"), t.missing("because it was never compared")];
      return [t.figure(ranked), rank(ranked)];
    });
  const left = [
    rankings.both_bad > 0 ? `${countedWord(rankings.both_bad, "vote")} both bad` : "",
    rankings.unnamed > 0 ? `${countedWord(rankings.unnamed, "comparison")} without two names` : "",
  ].filter((part) => part !== "");
  return {
    id: "ranking",
    title: "Models",
    about,
    columns: [
      t.named("model"),
      ...ways.flatMap(([name], at) => [
        t.estimated(at < 2 ? `Bradley–Terry, ${name}` : name),
        t.counted(`rank, ${name}`),
      ]),
    ],
    rows: inOrder(rankings).map((model) => ({ key: model, cells: [t.words(model), ...cells(model)] })),
    notes: [
      `Strength in logits, the mean of all being 0; rank with the best and the worst that the interval allows. ${countedWord(rankings.comparisons, "comparison")}, ${countedWord(rankings.ties, "tie")} among them${left.length > 0 ? `; left out: ${left.join(", ")}` : ""}.`,
      ...tieParameter(rankings.davidson),
      ...few(ways),
      method(report)[0] ?? "",
    ],
    command,
  };
}

function tieParameter(davidson: Ranking): string[] {
  if ("undefined" in davidson || davidson.nu === null) return [];
  const [nu, se] = davidson.nu.map((value) => decimal(value, 3));
  return [`Davidson’s ν = ${nu}, standard error ${se}.`];
}

/** Which models the votes leave open: ways that leave the same ones open share a sentence. */
function few(ways: readonly (readonly [string, Ranking])[]): string[] {
  const MOST = 6;
  const open = new Map<string, { names: string[]; pairs: readonly (readonly [string, string])[] }>();
  for (const [name, way] of ways) {
    if ("undefined" in way || way.too_few_to_say.length === 0) continue;
    const key = JSON.stringify(way.too_few_to_say);
    const same = open.get(key);
    if (same) same.names.push(name);
    else open.set(key, { names: [name], pairs: way.too_few_to_say });
  }
  return [...open.values()].map(({ names, pairs }) => {
    const listed = pairs.slice(0, MOST).map(([one, other]) => `${one} or ${other}`);
    const more = pairs.length - MOST;
    const rest = more > 0 ? `, and ${countedWord(more, "more pair", "more pairs")}` : "";
    return `Too few to say which is better (${names.join(", ")}): ${listed.join("; ")}${rest}.`;
  });
}

/** Who beat whom how often. */
export function winRates(rankings: Rankings, about: string, command: string): Table {
  const { models } = rankings;
  const cell = (row: number, column: number): Cell => {
    if (row === column) return t.said("");
    const found = rankings.win_rates[row]?.[column];
    if (!found || found.rate === null) return t.missing("because the two were never compared");
    return { kind: "figure", value: found.rate, ci: found.ci, unit: "%", places: 2, mark: "" };
  };
  return {
    id: "win-rates",
    title: "Win rates",
    about,
    columns: [t.named("wins of, over"), ...models.map((model) => t.estimated(model))],
    rows: models.map((model, at) => ({
      key: model,
      cells: [t.words(model), ...models.map((_, to) => cell(at, to))],
    })),
    notes: ["The row’s model against the column’s, a tie as half a win; Wilson’s interval, comparisons taken as independent."],
    command,
  };
}

/** "response 1, 2 : 1" as the sketch has it: the leading verdict, and all counts from the most. */
export function split(one: Disagreement): string {
  const counts = Object.entries(one.counts).sort((a, b) => b[1] - a[1]);
  const top = counts.filter(([, n]) => n === counts[0]?.[1]);
  const leading = top.length > 1 ? "split" : verdictName(counts[0]?.[0] ?? "");
  return `${leading}, ${counts.map(([, n]) => n).join(" : ")}`;
}

/** Where people part. */
export function disagreements(found: Disagreements, command: string): Table {
  return {
    id: "disagreements",
    title: "Where people part",
    about: "worst first: by the entropy of the votes, then by how many voted",
    columns: [
      ...[t.named("criterion"), t.named("task"), t.named("votes"), t.counted("entropy")],
      ...["response1", "tie", "response2", "both_bad"].map((v) => t.counted(verdictName(v))),
      t.named("id"),
    ],
    rows: found.questions.map((one) => ({
      key: one.question,
      cells: [
        ...[t.words(one.criterion), t.words(taskName(one.task)), t.said(split(one))],
        t.number(one.entropy),
        ...["response1", "tie", "response2", "both_bad"].map((v) => t.count(one.counts[v] ?? 0)),
        t.words(one.source_id ?? one.question),
      ],
    })),
    notes: [],
    command,
  };
}
