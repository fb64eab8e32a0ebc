// Markdown to the plain tree. Raw HTML stays literal, links are inert, pictures are never loaded.

import type { List, ListItem, Nodes, Parent, Root, Table } from "mdast";
import type { InlineMath, Math } from "mdast-util-math";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

import { highlight } from "./highlight";
import { bracketsToDollars, isFormula } from "./latex";
import { formula } from "./mathml";
import type { Element, Node } from "./tree";

/** Deeper nesting becomes its words: no page needs it, and recursion must end. */
const DEEPEST = 40;

interface Context {
  readonly source: string;
  /** Formulas that could not be shown as such. */
  badFormulas: number;
}

export interface Markdown {
  readonly nodes: Node[];
  /** What could not be shown as meant, in words. */
  readonly notes: string[];
}

/** The tree of a text. */
export function markdown(text: string): Markdown {
  const source = bracketsToDollars(text);
  const root: Root = fromMarkdown(source, {
    extensions: [gfm(), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  const context: Context = { source, badFormulas: 0 };
  const nodes = kids(root, context, 0);
  const notes =
    context.badFormulas === 0
      ? []
      : [
          context.badFormulas === 1
            ? "One formula could not be read and stands as written."
            : `${context.badFormulas} formulas could not be read and stand as written.`,
        ];
  return { nodes, notes };
}

function kids(parent: Parent, context: Context, depth: number): Node[] {
  return parent.children.flatMap((child) => convert(child as Nodes | Math | InlineMath, context, depth));
}

function block(tag: string, content: Node[], extra: Record<string, string> = {}): Element {
  return { tag, attrs: { dir: "auto", ...extra }, kids: content };
}

function convert(node: Nodes | Math | InlineMath, context: Context, depth: number): Node[] {
  if (depth > DEEPEST) return [literal(node, context)];
  const inside = () => ("children" in node ? kids(node, context, depth + 1) : []);
  switch (node.type) {
    case "text":
    case "html":
      return node.type === "html" ? [html(node.value, depth)] : [node.value];
    case "paragraph":
      return [block("p", inside())];
    case "heading":
      return [block(headingTag(node.depth), inside(), { class: `depth-${node.depth}` })];
    case "blockquote":
      return [block("blockquote", inside())];
    case "list":
      return [list(node, context, depth)];
    case "table":
      return [table(node, context, depth)];
    case "code":
      return [code(node.value, node.lang ?? "")];
    case "math":
      return [{ tag: "div", attrs: { class: "formula" }, kids: mathNodes(node.value, true, context) }];
    case "inlineMath":
      return inlineMath(node, context);
    case "thematicBreak":
      return [{ tag: "hr" }];
    case "break":
      return [{ tag: "br" }];
    case "emphasis":
      return [{ tag: "em", kids: inside() }];
    case "strong":
      return [{ tag: "strong", kids: inside() }];
    case "delete":
      return [{ tag: "del", kids: inside() }];
    case "inlineCode":
      return [{ tag: "code", attrs: { dir: "ltr" }, kids: [node.value] }];
    case "link":
      return [link(node.url, inside())];
    case "image":
      return [picture(node.alt ?? "", node.url)];
    case "footnoteDefinition":
      return [block("div", [{ tag: "sup", kids: [node.label ?? node.identifier] }, " ", ...inside()], { class: "footnote" })];
    case "footnoteReference":
      return [{ tag: "sup", kids: [node.label ?? node.identifier] }];
    default:
      // References, definitions and what a later parser adds: as written.
      return [depth === 0 ? block("p", [literal(node, context)]) : literal(node, context)];
  }
}

/** Responses sit under the page's own headings, so theirs start at the third level. */
function headingTag(depth: number): string {
  return `h${Math.min(6, depth + 2)}`;
}

function html(value: string, depth: number): Node {
  return depth === 0 ? { tag: "p", attrs: { class: "literal", dir: "auto" }, kids: [value] } : value;
}

function literal(node: Nodes | Math | InlineMath, context: Context): string {
  const from = node.position?.start.offset ?? 0;
  const to = node.position?.end.offset ?? 0;
  return context.source.slice(from, to);
}

function list(node: List, context: Context, depth: number): Element {
  const items = node.children.map((item) => listItem(item, node.spread ?? false, context, depth));
  if (!node.ordered) return block("ul", items);
  return block("ol", items, { start: String(node.start ?? 1) });
}

function listItem(item: ListItem, loose: boolean, context: Context, depth: number): Element {
  const box = item.checked === null || item.checked === undefined ? [] : [item.checked ? "☑ " : "☐ "];
  const content = item.children.flatMap((child) =>
    // A tight list's paragraphs are bare lines.
    child.type === "paragraph" && !loose && !(item.spread ?? false)
      ? kids(child, context, depth + 1)
      : convert(child, context, depth + 1),
  );
  return block("li", [...box, ...content], box.length > 0 ? { class: "checkable" } : {});
}

function table(node: Table, context: Context, depth: number): Element {
  const rows = node.children.map((row, index) => ({
    tag: "tr",
    kids: row.children.map((cell, column) => {
      const align = node.align?.[column];
      return block(index === 0 ? "th" : "td", kids(cell, context, depth + 2), align ? { align } : {});
    }),
  }));
  const parts: Element[] = [{ tag: "thead", kids: rows.slice(0, 1) }];
  if (rows.length > 1) parts.push({ tag: "tbody", kids: rows.slice(1) });
  return { tag: "div", attrs: { class: "wide", tabindex: "0" }, kids: [{ tag: "table", attrs: { dir: "auto" }, kids: parts }] };
}

function code(value: string, language: string): Element {
  const body: Element = { tag: "code", kids: highlight(value, language) };
  return { tag: "pre", attrs: { dir: "ltr", class: "wide", tabindex: "0" }, kids: [body] };
}

function inlineMath(node: InlineMath, context: Context): Node[] {
  const source = literal(node, context);
  const next = context.source.charAt(node.position?.end.offset ?? 0);
  if (!isFormula(source, next)) return [source];
  return mathNodes(node.value, source.startsWith("$$"), context);
}

function mathNodes(value: string, display: boolean, context: Context): Node[] {
  const made = formula(value, display);
  if (made) return [made];
  context.badFormulas += 1;
  return [{ tag: "code", attrs: { class: "bad-formula", dir: "ltr" }, kids: [value] }];
}

/** A link is its words, underlined, with the address as a tip. It leads nowhere. */
function link(address: string, content: Node[]): Element {
  return { tag: "span", attrs: { class: "link", title: address.slice(0, 2000) }, kids: content };
}

function picture(alt: string, address: string): Element {
  const shown = address.length > 200 ? `${address.slice(0, 200)}…` : address;
  const words = alt === "" ? `picture, not loaded: ${shown}` : `picture, not loaded: ${alt} (${shown})`;
  return { tag: "span", attrs: { class: "picture", role: "note" }, kids: [words] };
}
