// As much of TOML as a mapping needs: strings, arrays and tables on one line.

export type Pairs = [key: string, value: string][];

const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** A basic string. TOML allows no bare control character and no lone surrogate. */
export function text(value: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that must be escaped
  const escaped = value.replace(/["\\\u0000-\u001f\u007f]/g, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${wellFormed(escaped)}"`;
}

/** An array of values that are TOML already. */
export function array(values: readonly string[]): string {
  return `[${values.join(", ")}]`;
}

/** A table on one line, of keys and values that are TOML already. */
export function inlineTable(pairs: Pairs): string {
  if (pairs.length === 0) return "{}";
  return `{ ${pairs.map(([key, value]) => `${key} = ${value}`).join(", ")} }`;
}

function wellFormed(value: string): string {
  return value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
