// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { build } from "./dom";
import { markdown } from "./markdown";
import type { Node } from "./tree";

function elements(nodes: readonly Node[]): HTMLElement {
  const host = document.createElement("div");
  host.append(build(nodes, document));
  return host;
}

describe("elements of a tree", () => {
  it("hold the text and the whitelisted elements", () => {
    const host = elements(markdown("**a** <b>c</b> $x$").nodes);
    expect(host.querySelector("strong")?.textContent).toBe("a");
    expect(host.textContent).toContain("<b>c</b>");
    expect(host.querySelector("math")?.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
  });

  it("never come from a tree that a broken worker might send", () => {
    const host = elements([
      { tag: "script", kids: ["alert(1)"] },
      { tag: "iframe", attrs: { src: "https://evil.example" }, kids: ["in"] },
      { tag: "p", attrs: { onclick: "alert(1)", style: "x", class: "ok", dir: "javascript" }, kids: ["p"] },
      { tag: "math", attrs: { href: "javascript:alert(1)" }, kids: [{ tag: "annotation-xml", kids: ["y"] }] },
    ]);
    expect([...host.querySelectorAll("*")].map((e) => e.localName)).toEqual(["p", "math"]);
    expect(host.querySelector("p")?.getAttributeNames()).toEqual(["class"]);
    expect(host.querySelector("math")?.getAttributeNames()).toEqual([]);
    expect(host.textContent).toBe("alert(1)inpy");
  });
});
