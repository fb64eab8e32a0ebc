// Makes elements of a tree. Runs in the page, so it trusts nothing: what is not on the lists of
// `tree.ts` becomes the words in it.

import { allowed, HTML_TAGS, MATH_TAGS, type Node } from "./tree";

const MATH = "http://www.w3.org/1998/Math/MathML";

/** Elements for a tree, in a fragment. */
export function build(nodes: readonly Node[], page: Document): DocumentFragment {
  const fragment = page.createDocumentFragment();
  append(fragment, nodes, page);
  return fragment;
}

function append(parent: ParentNode & globalThis.Node, nodes: readonly Node[], page: Document) {
  for (const node of nodes) {
    if (typeof node === "string") {
      parent.appendChild(page.createTextNode(node));
      continue;
    }
    const isMath = MATH_TAGS.has(node.tag);
    if (!isMath && !HTML_TAGS.has(node.tag)) {
      append(parent, node.kids ?? [], page);
      continue;
    }
    const element = isMath ? page.createElementNS(MATH, node.tag) : page.createElement(node.tag);
    for (const [name, value] of Object.entries(node.attrs ?? {})) {
      if (allowed(node.tag, name, value)) element.setAttribute(name, value);
    }
    append(element, node.kids ?? [], page);
    parent.appendChild(element);
  }
}
