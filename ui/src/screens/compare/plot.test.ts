import { expect, it } from "vitest";

import { line, shape, svg, type Plot } from "./plot";
import { scale, ticks } from "./scale";

it("a scale is a straight line, also where all is one", () => {
  const x = scale([0, 10], [100, 200]);
  expect([x.at(0), x.at(5), x.at(10)]).toEqual([100, 150, 200]);
  expect(Number.isFinite(scale([3, 3], [0, 1]).at(3))).toBe(true);
});

it("ticks are round numbers around the data", () => {
  expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-0.13, 1)).toEqual([-0.5, 0, 0.5, 1]);
  expect(ticks(-3.2, 4.1)).toEqual([-4, -2, 0, 2, 4, 6]);
  expect(ticks(2, 2)).toEqual([2]);
  expect(ticks(0, Infinity)).toEqual([0]);
});

it("a saved drawing stands alone, and names in it stay names", () => {
  const plot: Plot = {
    ...{ id: "p", title: "T & <b>", says: "", caption: "C.", command: "tiebreak agreement p --json" },
    ...{ width: 100, height: 50 },
    marks: [
      { kind: "path", d: line([[0, 0.126], [1, 2]]), tone: "line", width: 1 },
      { kind: "dot", d: shape("square", 5, 5), tone: "one", says: "" },
      { kind: "words", x: 1, y: 2, text: '"</text><script>\u0001', tone: "text", anchor: "end" },
    ],
  };
  const text = svg(plot);
  expect(text).toContain("M0 0.13L1 2");
  expect(text).toContain("&quot;&lt;/text&gt;&lt;script&gt;\uFFFD</text>");
  expect(text).toContain("<title>T &amp; &lt;b&gt;</title>");
  expect(text).toContain("Made by: tiebreak agreement p --json</desc>");
  expect(text).not.toMatch(/var\(|class=/);
});
