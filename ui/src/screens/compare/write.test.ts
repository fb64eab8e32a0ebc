import { expect, it } from "vitest";

import * as t from "./table";
import { latexWords, write } from "./write";

const table: t.Table = {
  id: "agreement",
  title: "Agreement among people",
  about: "by task",
  columns: [t.named("task"), t.counted("questions"), t.estimated("α nominal"), t.estimated("same answer")],
  rows: [
    {
      key: "all",
      cells: [
        t.said("all"),
        t.count(1204),
        t.figure({ value: 0.7123, ci: [0.68, 0.74], n: 3, se: null }),
        t.figure({ value: 0.83, ci: null, n: 3, se: null }, "%"),
      ],
    },
    {
      key: "odd",
      cells: [
        t.words("=SUM(A1), 100% & \"more\" | _x_"),
        t.count(2),
        t.missing("because all are alike"),
        t.figure({ value: -0.004, ci: [-0.2, 0.1], n: 2, se: null }),
      ],
    },
  ],
  notes: ["B = 2 000."],
  command: "tiebreak agreement p --seed 1 --json",
};

it("CSV holds every digit, intervals apart, and no formula", () => {
  expect(write(table, "csv").split("\n")).toEqual([
    "# Agreement among people: by task",
    "# tiebreak agreement p --seed 1 --json",
    "task,questions,α nominal,α nominal low,α nominal high,same answer,same answer low,same answer high",
    "all,1204,0.7123,0.68,0.74,0.83,,",
    `"'=SUM(A1), 100% & ""more"" | _x_",2,,,,-0.004,-0.2,0.1`,
    "# B = 2 000.",
    "# —: undefined, because all are alike",
    "",
  ]);
});

it.each(["=1+1", "+1", "-1", "@x", " =1", "\t=1"])("the name %j does not become a formula", (name) => {
  const one = { ...table, columns: [t.named("n")], rows: [{ key: "", cells: [t.words(name)] }] };
  expect(write(one, "csv").split("\n")[3]).toMatch(/^"?'/);
});

it("Markdown keeps its cells whatever stands in them", () => {
  const lines = write(table, "markdown").split("\n");
  expect(lines[2]).toBe("| task | questions | α nominal | same answer |");
  expect(lines[3]).toBe("| --- | ---: | ---: | ---: |");
  expect(lines[4]).toBe("| all | 1\u202f204 | 0.71 \\[.68, .74\\] | 83 % |");
  expect(lines[5]).toBe('| =SUM(A1), 100% \\& "more" \\| \\_x\\_ | 2 | — | 0.00 \\[−.20, .10\\] |');
});

it("LaTeX escapes what means something there, and says the command", () => {
  const text = write(table, "latex");
  expect(text).toContain("% tiebreak agreement p --seed 1 --json\n");
  expect(text).toContain("  all & 1\\,204 & 0.71 [.68, .74] & 83 \\% \\\\\n");
  expect(text).toContain("\\begin{tabular}{lrrr}");
  expect(latexWords("&%$#_{}~^\\")).toBe(
    "\\&\\%\\$\\#\\_\\{\\}\\textasciitilde{}\\textasciicircum{}\\textbackslash{}",
  );
  expect(latexWords("a\nb\u0000c")).toBe("a b c");
});

it("a row of LaTeX that starts with a bracket stays a row", () => {
  const one = { ...table, columns: [t.named("n")], rows: [{ key: "", cells: [t.words("[12pt] *")] }] };
  expect(write(one, "latex")).toContain("  {[}12pt] * \\\\\n");
});

it("reasons are told once and pointed at by letters", () => {
  expect(t.reasons([...table.rows, ...table.rows])).toEqual(["because all are alike"]);
  expect([0, 25, 26, 27].map(t.letter)).toEqual(["a", "z", "aa", "ab"]);
});
