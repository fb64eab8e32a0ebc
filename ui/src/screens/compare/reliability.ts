// The reliability curve: what a model states, and how often it comes true.

import type { ModelReport } from "../../bindings/ModelReport";
import { decimal, isDefined } from "./figure";
import { line, shape, type Mark, type Plot } from "./plot";
import { scale } from "./scale";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [420, 320, 48, 14, 14, 48];
const LEVELS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const words = (x: number, y: number, text: string, anchor: "start" | "middle" | "end"): Mark => ({
  ...{ kind: "words", x: Math.round(x), y: Math.round(y), text, tone: "muted", anchor },
});

/** The curve with intervals and counts; null where the model states nothing. */
export function reliability(model: ModelReport, name: string, command: string): Plot | null {
  const { bins } = model.calibration;
  if (bins.length === 0) return null;
  const x = scale([0, 1], [LEFT, WIDTH - RIGHT]);
  const y = scale([0, 1], [HEIGHT - BOTTOM, TOP]);
  const marks: Mark[] = [
    ...LEVELS.flatMap((level): Mark[] => [
      { kind: "path", d: line([[LEFT, y.at(level)], [WIDTH - RIGHT, y.at(level)]]), tone: "line", width: 1 },
      words(LEFT - 8, y.at(level) + 4, decimal(level, 1), "end"),
      words(x.at(level), HEIGHT - BOTTOM + 17, decimal(level, 1), "middle"),
    ]),
    { kind: "path", d: line([[x.at(0), y.at(0)], [x.at(1), y.at(1)]]), tone: "muted", width: 1, dash: "4 4" },
    words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "stated probability that response 1 is better", "middle"),
  ];
  const points: [number, number][] = [];
  for (const bin of bins) {
    if (!isDefined(bin.observed)) continue;
    const { value, ci } = bin.observed;
    const at = x.at(bin.mean_probability);
    points.push([at, y.at(value)]);
    if (ci) marks.push({ kind: "path", d: line([[at, y.at(ci[0])], [at, y.at(ci[1])]]), tone: "one", width: 1.5 });
    const says = `stated ${decimal(bin.mean_probability)}, observed ${decimal(value)}, n = ${bin.n}`;
    // A dot grows with its questions, up to a size at which its neighbours stay apart.
    const size = 2.5 + Math.min(4, Math.sqrt(bin.n) / 4);
    marks.push({ kind: "dot", d: shape("circle", at, y.at(value), size), tone: "one", says });
  }
  marks.push({ kind: "path", d: line(points), tone: "one", width: 1 });
  return {
    ...{ id: "reliability-plot", title: `Reliability of ${name}`, width: WIDTH, height: HEIGHT, marks, command },
    says: `${bins.length} bins; the figures are in the table.`,
    caption: "How often people prefer response 1, by what the model states; bars are intervals of 95 %, larger dots have more questions. On the dashed line, stated is observed.",
  };
}
