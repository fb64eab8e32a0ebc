// Tables for other programs: CSV with every digit, Markdown and LaTeX as they are read. Names and
// criteria are other people's words: none of them becomes a formula, a command or a cell border.

import { percent, short } from "./figure";
import { reasons, shown, type Cell, type Table } from "./table";

export type Format = "csv" | "markdown" | "latex";

export const FORMATS: readonly { readonly id: Format; readonly says: string; readonly ending: string }[] = [
  { id: "csv", says: "CSV", ending: "csv" },
  { id: "markdown", says: "Markdown", ending: "md" },
  { id: "latex", says: "LaTeX", ending: "tex" },
];

/** The table in a format, ending with a line break. */
export function write(table: Table, format: Format): string {
  const writers = { csv, markdown, latex };
  return writers[format](table);
}

/** One line, whatever was in it. */
function oneLine(text: string): string {
  return text.replace(/(?:(?!\u202f)[\s\p{Cc}])+/gu, " ").trim();
}

function csv(table: Table): string {
  const head = table.columns.flatMap((column) =>
    column.spread ? ["", " low", " high"].map((end) => column.name + end) : [column.name],
  );
  const lines = table.rows.map((row) =>
    row.cells.flatMap((cell, at) => csvCells(cell, table.columns[at]?.spread ?? false)).join(","),
  );
  const remarks = [title(table), table.command, ...table.notes, ...reasonLines(table)];
  const remark = (text: string) => `# ${oneLine(text)}`;
  const top = remarks.slice(0, 2).map(remark);
  return [...top, head.map((name) => quoted(harmless(name))).join(","), ...lines, ...remarks.slice(2).map(remark), ""].join("\n");
}

function csvCells(cell: Cell, spread: boolean): string[] {
  const own = (): string => {
    switch (cell.kind) {
      case "words":
        return quoted(harmless(cell.text));
      case "said":
        return quoted(cell.text);
      case "count":
      case "figure":
        return String(cell.value);
      case "undefined":
        return "";
    }
  };
  if (!spread) return [own()];
  const ends = cell.kind === "figure" && cell.ci ? cell.ci.map(String) : ["", ""];
  return [own(), ...ends];
}

/** A spreadsheet takes a cell that starts so as a formula; behind an apostrophe it is words. */
function harmless(text: string): string {
  return /^[\s\p{Cc}]*[=+\-@]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n#]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdown(table: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = table.columns.map((column) => (column.numbers ? "---:" : "---"));
  const under = [...table.notes, ...reasonLines(table), `\`${table.command.replaceAll("`", "'")}\``];
  return [
    `**${markdownWords(title(table))}**`,
    "",
    row(table.columns.map((column) => markdownWords(column.name))),
    row(rule),
    ...table.rows.map(({ cells }) => row(cells.map((cell) => markdownWords(plain(cell))))),
    "",
    ...under.map((line) => (line.startsWith("`") ? line : `${markdownWords(line)}  `)),
    "",
  ].join("\n");
}

function markdownWords(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|#~$&]/g, "\\$&");
}

function latex(table: Table): string {
  // After a line's end, a bracket or an asterisk would belong to that end.
  const row = (cells: readonly string[]) => `  ${cells.join(" & ").replace(/^[[*]/, "{$&}")} \\\\`;
  const ends = table.columns.map((column) => (column.numbers ? "r" : "l")).join("");
  const notes = [...table.notes, ...reasonLines(table)].map(latexWords);
  return [
    `% ${oneLine(table.command)}`,
    "% \\usepackage{booktabs}; names in other scripts take XeLaTeX or LuaLaTeX with a font for them.",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${latexWords(title(table))}}`,
    `  \\begin{tabular}{${ends}}`,
    "  \\toprule",
    row(table.columns.map((column) => latexWords(column.name))),
    "  \\midrule",
    ...table.rows.map(({ cells }) => row(cells.map((cell) => latexWords(plain(cell))))),
    "  \\bottomrule",
    "  \\end{tabular}",
    ...notes.map((note) => `  \\par\\smallskip{\\footnotesize ${note}}`),
    "\\end{table}",
    "",
  ].join("\n");
}

const LATEX: Readonly<Record<string, string>> = {
  ...{ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" },
  ...{ "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_", "{": "\\{", "}": "\\}" },
  ...{ "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", '"': "\\textquotedbl{}" },
  ...{ "−": "$-$", "α": "$\\alpha$", "κ": "$\\kappa$", "ν": "$\\nu$", "—": "---", "–": "--" },
  ...{ "→": "$\\to$", "◂": "$\\triangleleft$", "▸": "$\\triangleright$", "\u202f": "\\," },
};

/** Words that mean themselves in LaTeX. */
export function latexWords(text: string): string {
  return [...oneLine(text)].map((letter) => LATEX[letter] ?? letter).join("");
}

/** A cell on one line, its interval in brackets. */
function plain(cell: Cell): string {
  const { main } = shown(cell);
  if (cell.kind !== "figure") return main;
  const mark = cell.mark === "" ? "" : ` ${cell.mark}`;
  if (cell.ci === null) return main + mark;
  const [low, high] = cell.ci;
  const end = (value: number) => (cell.unit === "%" ? percent(value) : short(value, cell.places));
  return `${main} [${end(low)}, ${end(high)}]${mark}`;
}

function title(table: Table): string {
  return table.about === "" ? table.title : `${table.title}: ${table.about}`;
}

function reasonLines(table: Table): string[] {
  return reasons(table.rows).map((why) => `—: undefined, ${why}`);
}
