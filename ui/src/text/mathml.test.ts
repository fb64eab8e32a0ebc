import { describe, expect, it } from "vitest";

import { formula } from "./mathml";
import { words, type Node } from "./tree";

function flat(node: Node): string {
  if (typeof node === "string") return node;
  const attrs = Object.entries(node.attrs ?? {}).map(([name, value]) => ` ${name}=${value}`);
  return `<${node.tag}${attrs.join("")}>${(node.kids ?? []).map(flat).join("")}</>`;
}

describe("a formula", () => {
  it("is presentation MathML without the source beside it", () => {
    const made = formula("\\frac{a}{b}", false);
    expect(made && flat(made)).toBe("<math><mrow><mfrac><mi>a</><mi>b</></></></>");
  });

  it("on its own line says so", () => {
    expect(formula("x", true)?.attrs).toEqual({ display: "block" });
  });

  it("keeps spaces as measures", () => {
    const made = formula("a\\quad b", false);
    expect(made && flat(made)).toContain("<mspace width=1.0000em>");
  });

  it("has matrices, roots and stretched brackets", () => {
    const made = formula("\\left(\\begin{matrix}1&2\\\\3&\\sqrt[3]{x}\\end{matrix}\\right)", true);
    const text = made ? flat(made) : "";
    for (const tag of ["<mtable", "<mtr", "<mtd", "<mroot", "fence=true"]) expect(text).toContain(tag);
  });

  it("that is broken is none", () => {
    expect(formula("\\frac{a", false)).toBeNull();
    expect(formula("x".repeat(10_000), false)).toBeNull();
  });

  it("cannot expand without end, link, load or style", () => {
    expect(formula("\\def\\x{\\x\\x}\\x", false)).toBeNull();
    const made = formula("\\href{javascript:alert(1)}{x}\\htmlClass{evil}{y}\\textcolor{red}{z}", false);
    const text = made ? flat(made) : "";
    expect(text).not.toMatch(/href=|class=|style=/);
    expect(text).toContain("mathcolor=red");
    expect(words([made ?? ""])).toContain("z");
  });

  it("has bounded sizes", () => {
    const made = formula("\\rule{1000000em}{1000000em}\\kern100000em x", false);
    for (const [, size] of flat(made ?? "").matchAll(/(?:width|height)=([\d.]+)/g)) {
      expect(Number(size)).toBeLessThanOrEqual(20.0001);
    }
  });
});
