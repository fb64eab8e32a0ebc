// A table as data: what the screen shows and what is copied are made from the same cells.

import type { Coefficient } from "../../bindings/Coefficient";
import { grouped } from "../../parts/task";
import { decimal, interval, isDefined, percent, percents, type Ends } from "./figure";

/** A figure is shown as it is, or in percent. */
export type Unit = "" | "%";

export type Cell =
  /** Somebody's words: a name, a criterion. */
  | { readonly kind: "words"; readonly text: string }
  /** Words of ours, such as a range of ranks. */
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "count"; readonly value: number }
  | {
      readonly kind: "figure";
      readonly value: number;
      readonly ci: Ends | null;
      readonly unit: Unit;
      readonly places: number;
      /** A sign beside the figure, explained in the table's notes. */
      readonly mark: string;
    }
  | { readonly kind: "undefined"; readonly why: string };

export interface Column {
  readonly name: string;
  /** Whether its figures come with intervals: a file of numbers gives those columns of their own. */
  readonly spread: boolean;
  /** Whether it holds numbers, which end together. */
  readonly numbers: boolean;
}

export interface Row {
  readonly key: string;
  readonly cells: readonly Cell[];
  /** Whether it sums up the rows below it. */
  readonly sum?: boolean;
}

export interface Table {
  readonly id: string;
  readonly title: string;
  /** What the title leaves open, in a quieter voice. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentences under the table. */
  readonly notes: readonly string[];
  /** The command that gives the same figures. */
  readonly command: string;
}

export const words = (text: string): Cell => ({ kind: "words", text });
export const said = (text: string): Cell => ({ kind: "said", text });
export const count = (value: number): Cell => ({ kind: "count", value });
export const missing = (why: string): Cell => ({ kind: "undefined", why });

/** A coefficient's cell. */
export function figure(c: Coefficient, unit: Unit = "", mark = ""): Cell {
  if (!isDefined(c)) return missing(c.undefined);
  return { kind: "figure", value: c.value, ci: c.ci, unit, places: 2, mark };
}

/** A bare number's cell. */
export function number(value: number, places = 2, ci: Ends | null = null): Cell {
  return { kind: "figure", value, ci, unit: "", places, mark: "" };
}

export const named = (name: string): Column => ({ name, spread: false, numbers: false });
export const counted = (name: string): Column => ({ name, spread: false, numbers: true });
export const estimated = (name: string): Column => ({ name, spread: true, numbers: true });

/** What a cell shows: its figure, and its interval in a quieter voice. */
export function shown(cell: Cell): { readonly main: string; readonly beside: string } {
  switch (cell.kind) {
    case "words":
    case "said":
      return { main: cell.text, beside: "" };
    case "count":
      return { main: grouped(cell.value), beside: "" };
    case "undefined":
      return { main: "—", beside: "" };
    case "figure":
      if (cell.unit === "%") {
        return { main: `${percent(cell.value)} %`, beside: cell.ci ? percents(cell.ci) : "" };
      }
      return {
        main: decimal(cell.value, cell.places),
        beside: cell.ci ? interval(cell.ci, cell.places) : "",
      };
  }
}

/** The reasons for which figures are missing, each once, in the order in which they come. */
export function reasons(rows: readonly Row[]): string[] {
  const all = rows.flatMap((row) => row.cells);
  return [...new Set(all.flatMap((cell) => (cell.kind === "undefined" ? [cell.why] : [])))];
}

/** a, b, … z, aa: how a missing figure points at its reason. */
export function letter(index: number): string {
  const own = String.fromCharCode(97 + (index % 26));
  return index < 26 ? own : letter(Math.floor(index / 26) - 1) + own;
}
