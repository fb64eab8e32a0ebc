// Formulas: KaTeX's MathML, as a plain tree of whitelisted elements. A formula that KaTeX refuses
// stands as it was written.

import katex from "katex";

import { allowed, MATH_TAGS, type Element, type Node } from "./tree";

/** Longer formulas than any in the paper's data; the deadline guards the rest. */
const LONGEST = 5000;
const DEEPEST = 80;

/** What KaTeX's virtual nodes look like; its own types don't say. */
interface Virtual {
  readonly type?: string;
  readonly text?: string;
  readonly character?: string | null;
  readonly width?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Virtual[];
}

interface ToTree {
  __renderToDomTree(expression: string, options: object): Virtual;
}

/** A formula as MathML, or null where it cannot be understood. */
export function formula(expression: string, display: boolean): Element | null {
  if (expression.length > LONGEST) return null;
  try {
    const virtual = (katex as unknown as ToTree).__renderToDomTree(expression, {
      output: "mathml",
      displayMode: display,
      throwOnError: false,
      trust: false,
      strict: "ignore",
      maxExpand: 300,
      maxSize: 20,
    });
    const math = find(virtual, "math", 8);
    if (!math) return null;
    const kids = contents(math.children ?? [], 0);
    return { tag: "math", attrs: display ? { display: "block" } : {}, kids };
  } catch {
    return null;
  }
}

function find(node: Virtual, type: string, depth: number): Virtual | null {
  if (node.type === type) return node;
  if (depth === 0) return null;
  for (const child of node.children ?? []) {
    const found = find(child, type, depth - 1);
    if (found) return found;
  }
  return null;
}

function contents(nodes: readonly Virtual[], depth: number): Node[] {
  const out: Node[] = [];
  for (const node of nodes) {
    const last = out.length - 1;
    for (const made of convert(node, depth)) {
      if (typeof made === "string" && typeof out[last] === "string" && out.length - 1 === last) {
        out[last] += made;
      } else {
        out.push(made);
      }
    }
  }
  return out;
}

function convert(node: Virtual, depth: number): Node[] {
  if (depth > DEEPEST) return [];
  const type = node.type ?? "";
  if (type === "annotation") return [];
  if (type === "semantics" || (type !== "" && !MATH_TAGS.has(type))) {
    return contents(node.children ?? [], depth + 1);
  }
  if (type !== "") {
    const attrs = attributes(type, node.attributes ?? {});
    return [{ tag: type, attrs, kids: contents(node.children ?? [], depth + 1) }];
  }
  if (node.children) return contents(node.children, depth + 1);
  if (typeof node.text === "string") return [node.text];
  if (typeof node.width === "number") return [space(node.width)];
  return [];
}

function space(width: number): Element {
  return { tag: "mspace", attrs: { width: `${width.toFixed(4)}em` } };
}

function attributes(tag: string, given: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && allowed(tag, name, text)) kept[name] = text;
  }
  return kept;
}
