// What the values of a result file mean: "1 = response1, garbage = none".

import type { Verdict } from "../../bindings/Verdict";

const VERDICTS: readonly string[] = ["response1", "response2", "tie", "both_bad"];

/** Each value's verdict, null for none; null as a whole where a part of the text says nothing. */
export function meanings(text: string): Record<string, Verdict | null> | null {
  const found: Record<string, Verdict | null> = {};
  for (const part of text.split(",").map((part) => part.trim())) {
    if (part === "") continue;
    const at = part.lastIndexOf("=");
    const value = part.slice(0, Math.max(at, 0)).trim();
    const verdict = part.slice(at + 1).trim();
    if (value === "" || !(verdict === "none" || VERDICTS.includes(verdict))) return null;
    found[value] = verdict === "none" ? null : (verdict as Verdict);
  }
  return found;
}
