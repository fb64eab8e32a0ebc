// The plain tree that text becomes in the worker and that `TreeView` turns into elements. Nothing
// outside these lists is ever made, whatever the text says: the worker builds only such nodes, and
// the page checks each again before it makes an element.

export interface Element {
  readonly tag: string;
  readonly attrs?: Readonly<Record<string, string>>;
  readonly kids?: readonly Node[];
}

export type Node = string | Element;

/** HTML elements that text may become. No links, pictures, forms, frames, styles. */
export const HTML_TAGS: ReadonlySet<string> = new Set([
  ...["p", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "br", "div", "span"],
  ...["pre", "code", "em", "strong", "del", "sup", "table", "thead", "tbody", "tr", "th", "td"],
]);

/** MathML presentation elements that KaTeX makes. No `annotation`, `maction`, `mglyph`. */
export const MATH_TAGS: ReadonlySet<string> = new Set([
  ...["math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot"],
  ...["mstyle", "mpadded", "mphantom", "menclose", "msub", "msup", "msubsup", "munder", "mover"],
  ...["munderover", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "mlabeledtr"],
]);

const PLAIN_WORD = /^[\w#.,%+\- ]{1,120}$/;
const CLASS = /^[a-z][a-z0-9_-]*( [a-z][a-z0-9_-]*)*$/;

/** Attributes of HTML elements, and what each may hold. */
const HTML_ATTRS: Readonly<Record<string, (value: string) => boolean>> = {
  class: (value) => value.length <= 120 && CLASS.test(value),
  dir: (value) => value === "auto" || value === "ltr",
  start: (value) => /^\d{1,9}$/.test(value),
  align: (value) => value === "left" || value === "right" || value === "center",
  tabindex: (value) => value === "0",
  role: (value) => value === "note" || value === "region",
  // Plain words, shown by the browser as a tip.
  title: (value) => value.length <= 2000,
  "aria-label": (value) => value.length <= 2000,
};

/** Attributes of MathML elements; each holds a plain word or a measure. */
const MATH_ATTRS: ReadonlySet<string> = new Set([
  ...["display", "mathvariant", "stretchy", "fence", "separator", "form", "lspace", "rspace"],
  ...["minsize", "maxsize", "symmetric", "largeop", "movablelimits", "accent", "accentunder"],
  ...["displaystyle", "scriptlevel", "columnalign", "columnspacing", "rowspacing", "rowalign"],
  ...["columnlines", "rowlines", "linethickness", "width", "height", "depth", "voffset"],
  ...["mathcolor", "notation"],
]);

/** Whether an element may carry an attribute with this value. */
export function allowed(tag: string, name: string, value: string): boolean {
  if (MATH_TAGS.has(tag)) return MATH_ATTRS.has(name) && PLAIN_WORD.test(value);
  if (!HTML_TAGS.has(tag) || !Object.hasOwn(HTML_ATTRS, name)) return false;
  return HTML_ATTRS[name]?.(value) ?? false;
}

/** The words of a tree. */
export function words(nodes: readonly Node[]): string {
  return nodes.map((node) => (typeof node === "string" ? node : words(node.kids ?? []))).join("");
}

/** How many nodes a tree has: what a page must make. */
export function count(nodes: readonly Node[]): number {
  return nodes.reduce(
    (sum, node) => sum + 1 + (typeof node === "string" ? 0 : count(node.kids ?? [])),
    0,
  );
}
