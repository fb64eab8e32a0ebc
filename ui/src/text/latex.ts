// Formulas as models write them: `\( \)` and `\[ \]` besides dollars, and dollars that are money.

const CODE_OR_FORMULA =
  /(`{3,}[\s\S]*?(?:`{3,}|$)|~{3,}[\s\S]*?(?:~{3,}|$)|(`+)[^`]*?\2)|\\\[((?:(?!\n\s*\n)[\s\S])+?)\\\]|\\\(((?:(?!\n\s*\n)[\s\S])+?)\\\)/g;

/** Writes `\( \)` and `\[ \]` as dollars, outside code, where what they hold looks like a formula. */
export function bracketsToDollars(text: string): string {
  if (!text.includes("\\(") && !text.includes("\\[")) return text;
  return text.replace(
    CODE_OR_FORMULA,
    (whole: string, code: string | undefined, _ticks, block?: string, inline?: string) => {
      if (code !== undefined) return whole;
      const inner = (block ?? inline ?? "").replace(/\s+/g, " ").trim();
      if (!looksLikeFormula(inner)) return whole;
      return block === undefined ? `$${inner}$` : `$$${inner}$$`;
    },
  );
}

function looksLikeFormula(text: string): boolean {
  if (text === "" || text.includes("$")) return false;
  return /[\\^_=+<>|/*-]/.test(text) || text.length <= 3 || /^[\d\s.,]+$/.test(text);
}

/**
 * Whether single dollars enclose a formula and not two sums of money: pandoc's rule, no space
 * inside either dollar and no digit after the closing one.
 */
export function isFormula(source: string, next: string): boolean {
  if (source.startsWith("$$")) return true;
  const inner = source.slice(1, -1);
  return inner !== "" && inner === inner.trim() && !/\d/.test(next);
}
