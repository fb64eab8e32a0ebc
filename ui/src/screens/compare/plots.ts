// The two plots of the human half: agreement as the work goes on, and the models' strengths.

import type { AgreementReport } from "../../bindings/AgreementReport";
import type { Coefficient } from "../../bindings/Coefficient";
import type { Rankings } from "../../bindings/Rankings";
import { decimal, interval, isDefined } from "./figure";
import { inOrder, methods, moment } from "./models";
import { between, line, shape, type Mark, type Plot, type Shape, type Tone } from "./plot";
import { scale, ticks, type Scale } from "./scale";

const WIDTH = 620;

interface Series {
  readonly name: string;
  readonly tone: Tone;
  readonly shape: Shape;
}

const words = (x: number, y: number, text: string, anchor: "start" | "middle" | "end", tone: Tone = "muted"): Mark => ({
  ...{ kind: "words", x: Math.round(x), y: Math.round(y), text, tone, anchor },
});

/** What stands for what, in one line at the top. */
function legend(series: readonly Series[], x: number, y: number): Mark[] {
  let at = x;
  return series.flatMap(({ name, tone, shape: kind }) => {
    const mark: Mark = { kind: "dot", d: shape(kind, at + 4, y - 4), tone, says: "" };
    const said = words(at + 13, y, name, "start", "text");
    at += 30 + name.length * 6.4;
    return [mark, said];
  });
}

/** Agreement in blocks of time; null where there are none. */
export function overTimePlot(report: AgreementReport, command: string, width = WIDTH): Plot | null {
  const { blocks } = report.over_time;
  if (blocks.length < 2) return null;
  const [height, left, right, top, bottom] = [260, 44, 14, 34, 48];
  const all: readonly (Series & { of: (at: number) => Coefficient | undefined })[] = [
    { name: "same answer", tone: "one", shape: "circle", of: (at) => blocks[at]?.percent_agreement },
    { name: "α nominal", tone: "two", shape: "square", of: (at) => blocks[at]?.krippendorff_alpha_nominal },
  ];
  const lows = blocks.flatMap((_, at) => all.map(({ of }) => lowest(of(at))));
  const levels = ticks(Math.min(0, ...lows), 1);
  const x = scale([0, blocks.length - 1], [left + 18, width - right - 18]);
  const y = scale([levels[0] ?? 0, levels.at(-1) ?? 1], [height - bottom, top]);
  const every = Math.max(1, Math.ceil(blocks.length / 10));
  const middle = Math.floor((blocks.length - 1) / 2);
  const dates = [0, ...(x.at(middle) - x.at(0) > 130 ? [middle] : []), blocks.length - 1];
  const marks: Mark[] = [
    ...levels.flatMap((level): Mark[] => [
      { kind: "path", d: line([[left, y.at(level)], [width - right, y.at(level)]]), tone: "line", width: 1 },
      words(left - 8, y.at(level) + 4, decimal(level, 1), "end"),
    ]),
    ...blocks.flatMap((_, at) => (at % every === 0 ? [words(x.at(at), height - bottom + 17, String(at + 1), "middle")] : [])),
    ...[...new Set(dates)].map((at, n) =>
      words(x.at(at), height - 10, moment(blocks[at]?.to_ms ?? 0).slice(0, 10), n === 0 ? "start" : at === blocks.length - 1 ? "end" : "middle"),
    ),
    ...all.flatMap((series) => course(series, blocks.length, x, y)),
    ...legend(all, left, 16),
  ];
  return {
    ...{ id: "over-time-plot", title: "Agreement over time", width, height, marks, command },
    says: `${blocks.length} blocks of questions; the figures are in the table.`,
    caption: `Blocks of questions in the order of their second votes, dates beneath; bands are intervals of ${Math.round(report.bootstrap.level * 100)} %.`,
  };
}

function reached(c: Coefficient): readonly number[] {
  return isDefined(c) ? (c.ci ?? [c.value]) : [];
}

function lowest(c: Coefficient | undefined): number {
  return c && isDefined(c) ? (c.ci?.[0] ?? c.value) : 0;
}

/** A series as its band, its line and its dots, broken where a block has no figure. */
function course(
  series: Series & { readonly of: (at: number) => Coefficient | undefined },
  blocks: number,
  x: Scale,
  y: Scale,
): Mark[] {
  const runs: { at: number; value: number; low: number; high: number }[][] = [[]];
  for (let at = 0; at < blocks; at += 1) {
    const c = series.of(at);
    if (c && isDefined(c)) {
      const [low, high] = c.ci ?? [c.value, c.value];
      runs.at(-1)?.push({ at, value: c.value, low, high });
    } else runs.push([]);
  }
  return runs.flatMap((run): Mark[] => {
    if (run.length === 0) return [];
    const band = between(run.map((p) => [x.at(p.at), y.at(p.high)]), run.map((p) => [x.at(p.at), y.at(p.low)]));
    return [
      { kind: "area", d: band, tone: series.tone },
      { kind: "path", d: line(run.map((p) => [x.at(p.at), y.at(p.value)])), tone: series.tone, width: 2 },
      ...run.map((p): Mark => ({
        ...{ kind: "dot", d: shape(series.shape, x.at(p.at), y.at(p.value)), tone: series.tone },
        says: `${series.name}, block ${p.at + 1}: ${decimal(p.value)} (${interval([p.low, p.high])})`,
      })),
    ];
  });
}

const WAYS: readonly Series[] = [
  { name: "Bradley–Terry, ties as half", tone: "one", shape: "circle" },
  { name: "Bradley–Terry, without ties", tone: "two", shape: "square" },
  { name: "Davidson", tone: "three", shape: "diamond" },
];
const LONGEST_NAME = 26;

/** Each model's strength with its interval, three ways; null where no way orders the models. */
export function rankingPlot(rankings: Rankings, about: string, command: string): Plot | null {
  const ways = methods(rankings).flatMap(([, way], at) => {
    const series = WAYS[at];
    return "undefined" in way || !series ? [] : [{ ...series, models: way.models }];
  });
  const models = inOrder(rankings);
  if (ways.length === 0 || models.length === 0) return null;
  const [left, right, top, bottom, row] = [196, 16, 36, 44, 12 + ways.length * 10];
  const height = top + models.length * row + bottom;
  const ends = ways.flatMap(({ models: of }) => Object.values(of).flatMap(reached));
  const levels = ticks(Math.min(0, ...ends), Math.max(0, ...ends), 6);
  const x = scale([levels[0] ?? 0, levels.at(-1) ?? 1], [left + 10, WIDTH - right - 10]);
  const floor = height - bottom;
  const marks: Mark[] = [
    ...levels.flatMap((level): Mark[] => [
      { kind: "path", d: line([[x.at(level), top], [x.at(level), floor]]), tone: "line", width: level === 0 ? 1.6 : 0.8 },
      words(x.at(level), floor + 17, decimal(level, levels.every(Number.isInteger) ? 0 : 1), "middle"),
    ]),
    words((left + WIDTH - right) / 2, height - 8, "strength in logits, mean 0", "middle"),
    ...models.flatMap((model, at): Mark[] => {
      const middle = top + (at + 0.5) * row;
      const letters = [...model];
      const cut = letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : model;
      const name: Mark = { ...words(left - 8, middle + 4, cut, "end", "text"), full: model } as Mark;
      return [name, ...ways.flatMap((way, n) => reach(way, way.models[model], x, middle + (n - (ways.length - 1) / 2) * 10, model))];
    }),
    ...legend(ways, 10, 16),
  ];
  return {
    ...{ id: "ranking-plot", title: "Strengths of the models", width: WIDTH, height, marks, command },
    says: `${models.length} models, the strongest first; the figures are in the table.`,
    caption: `Strength by ${about}, with intervals of resampled prompts.`,
  };
}

function reach(series: Series, c: Coefficient | undefined, x: Scale, y: number, model: string): Mark[] {
  if (!c || !isDefined(c)) return [];
  const [low, high] = c.ci ?? [c.value, c.value];
  return [
    { kind: "path", d: line([[x.at(low), y], [x.at(high), y]]), tone: series.tone, width: 1.6 },
    {
      ...{ kind: "dot", d: shape(series.shape, x.at(c.value), y), tone: series.tone },
      says: `${model}, ${series.name}: ${decimal(c.value)} (${interval([low, high])})`,
    },
  ];
}
