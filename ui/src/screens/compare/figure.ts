// Figures as they are read: two places, a true minus, the interval beside in short. The numbers are
// the command line's; only their writing is done here.

import type { Coefficient } from "../../bindings/Coefficient";
import type { Estimate } from "../../bindings/Estimate";

export type Ends = readonly [number, number];

/** Whether the data gives the figure. */
export function isDefined(c: Coefficient): c is Estimate {
  return !("undefined" in c);
}

/** 0.71, −0.05: never −0.00. */
export function decimal(value: number, places = 2): string {
  const text = value.toFixed(places);
  if (/^-0?\.?0*$/.test(text)) return text.slice(1);
  return text.replace("-", "−");
}

/** .71 for 0.71: the end of an interval. */
export function short(value: number, places = 2): string {
  return decimal(value, places).replace(/^(−?)0\./, "$1.");
}

/** .68–.74; with words between where an end is negative, so that no minus meets a dash. */
export function interval([low, high]: Ends, places = 2): string {
  const [from, to] = [short(low, places), short(high, places)];
  return low < 0 || high < 0 ? `${from} to ${to}` : `${from}–${to}`;
}

/** 83 for 0.83. */
export function percent(value: number): string {
  return decimal(value * 100, 0);
}

/** 80–86, in percent; with a word between where an end is negative. */
export function percents([low, high]: Ends): string {
  return `${percent(low)}${low < 0 || high < 0 ? " to " : "–"}${percent(high)}`;
}
