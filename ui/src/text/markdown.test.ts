import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { bracketsToDollars, isFormula } from "./latex";
import { markdown } from "./markdown";
import { allowed, HTML_TAGS, MATH_TAGS, words, type Element, type Node } from "./tree";

const BLNS = new URL("../../../../shared/data/text-nasty/blns.json", import.meta.url);

const XSS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[x](javascript:alert(1))",
  "![x](javascript:alert(1) \"onerror=alert(1)\")",
  "[a]: javascript:alert(1)\n\n[a]",
  "<svg><script>alert(1)</script></svg>",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "$\\href{javascript:alert(1)}{x}$ $\\url{javascript:alert(1)}$",
  "$\\includegraphics{https://evil.example/x.png}$ $\\htmlStyle{color:red}{x}$ $\\htmlData{a=b}{x}$",
  "$$\\class{evil}{x} \\cssId{evil}{y} \\style{position:fixed}{z}$$",
  "```<script>alert(1)</script>\nx\n```",
  "```js\" onload=alert(1)\n</code><script>alert(1)</script>\n```",
  "| <b onclick=alert(1)> | x |\n|--|--|\n| <iframe src=x> | y |",
  "<https://evil.example/\"onmouseover=alert(1)>",
  "https://evil.example/?<script>",
  "[^x]\n\n[^x]: <script>alert(1)</script>",
  "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
  "&lt;script&gt;alert(1)&lt;/script&gt; &NewLine; &#x3c;img&#x3e;",
  "# <style>*{display:none}</style>",
  "- [ ] <input autofocus onfocus=alert(1)>",
  "\u202e<script>\u202c \u0000 \ud800",
];

/** Every element and attribute is on the lists. */
function check(nodes: readonly Node[], of: string) {
  for (const node of nodes) {
    if (typeof node === "string") continue;
    expect(HTML_TAGS.has(node.tag) || MATH_TAGS.has(node.tag), `<${node.tag}> of ${of}`).toBe(true);
    for (const [name, value] of Object.entries(node.attrs ?? {})) {
      expect(allowed(node.tag, name, value), `${node.tag} ${name}=${value} of ${of}`).toBe(true);
      expect(name).not.toMatch(/^on|href|src|style/);
    }
    check(node.kids ?? [], of);
  }
}

function tags(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => (typeof node === "string" ? [] : [node.tag, ...tags(node.kids ?? [])]));
}

function find(nodes: readonly Node[], tag: string): Element | undefined {
  for (const node of nodes) {
    if (typeof node === "string") continue;
    const found = node.tag === tag ? node : find(node.kids ?? [], tag);
    if (found) return found;
  }
  return undefined;
}

describe("hostile text", () => {
  it.each(XSS)("stays within the whitelist: %j", (text) => {
    check(markdown(text).nodes, text);
  });

  it("raw HTML stands as literal text", () => {
    const { nodes } = markdown("a <b>bold</b>\n\n<script>alert(1)</script>");
    expect(words(nodes)).toContain("<b>bold</b>");
    expect(words(nodes)).toContain("<script>alert(1)</script>");
    expect(tags(nodes)).not.toContain("b");
  });

  it.skipIf(!existsSync(BLNS))("every string of the big list of naughty strings", () => {
    const strings = JSON.parse(readFileSync(BLNS, "utf8")) as string[];
    expect(strings.length).toBeGreaterThan(400);
    for (const text of strings) {
      for (const dressed of [text, `$${text}$`, `\`\`\`html\n${text}\n\`\`\``, `[${text}](${text})`]) {
        const { nodes } = markdown(dressed);
        check(nodes, dressed);
        expect(structuredClone(nodes)).toEqual(nodes);
      }
    }
  });

  it("deep nesting ends", () => {
    const { nodes } = markdown(`${">".repeat(300)} deep`);
    check(nodes, "deep");
    expect(words(nodes)).toContain("deep");
  });
});

describe("Markdown", () => {
  it("links are inert and tell their address", () => {
    const link = find(markdown("[words](https://example.com)").nodes, "span");
    expect(link).toEqual({ tag: "span", attrs: { class: "link", title: "https://example.com" }, kids: ["words"] });
  });

  it("pictures are named, not loaded", () => {
    const { nodes } = markdown("![a cat](https://evil.example/c.png)");
    expect(words(nodes)).toBe("picture, not loaded: a cat (https://evil.example/c.png)");
  });

  it("each block takes its own direction, code runs left to right", () => {
    const { nodes } = markdown("مرحبا\n\n    code\n\n- عنصر\n\n| a |\n|--|\n| b |");
    expect(find(nodes, "p")?.attrs).toEqual({ dir: "auto" });
    expect(find(nodes, "li")?.attrs).toEqual({ dir: "auto" });
    expect(find(nodes, "td")?.attrs).toEqual({ dir: "auto" });
    expect(find(nodes, "pre")?.attrs?.["dir"]).toBe("ltr");
  });

  it("code in a known language has classes, other code none", () => {
    const known = find(markdown("```python\ndef f(): pass\n```").nodes, "code");
    expect(tags(known?.kids ?? [])).toContain("span");
    const other = find(markdown("```klingon\ndef f(): pass\n```").nodes, "code");
    expect(other?.kids).toEqual(["def f(): pass"]);
  });

  it("tables, tasks, lists", () => {
    const { nodes } = markdown("| a | b |\n|:-|-:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n3. three");
    expect(find(nodes, "td")?.attrs?.["align"]).toBe("left");
    expect(words(nodes)).toContain("☑ done");
    expect(words(nodes)).toContain("☐ open");
    expect(find(nodes, "ol")?.attrs?.["start"]).toBe("3");
  });
});

describe("formulas", () => {
  it("become MathML", () => {
    const { nodes, notes } = markdown("So $a^2$ and\n\n$$\n\\frac{1}{2}\n$$");
    expect(tags(nodes)).toEqual(expect.arrayContaining(["math", "msup", "mfrac"]));
    expect(notes).toEqual([]);
  });

  it("that cannot be read stand as written, and it is said", () => {
    const { nodes, notes } = markdown("$\\frac{a$ x");
    expect(words(nodes)).toContain("\\frac{a");
    expect(notes).toEqual(["One formula could not be read and stands as written."]);
  });

  it("money is no formula", () => {
    expect(words(markdown("It costs $5 to $10 a day.").nodes)).toBe("It costs $5 to $10 a day.");
    expect(isFormula("$5 to $", "1")).toBe(false);
    expect(isFormula("$x$", ".")).toBe(true);
  });

  it("in brackets are formulas where they look like it, and never in code", () => {
    expect(bracketsToDollars("\\(x^2\\) and \\[\n a = b \n\\]")).toBe("$x^2$ and $$a = b$$");
    expect(bracketsToDollars("\\[not a link\\]")).toBe("\\[not a link\\]");
    expect(bracketsToDollars("`\\(x^2\\)` ```\n\\(y^2\\)\n```")).toBe("`\\(x^2\\)` ```\n\\(y^2\\)\n```");
    expect(bracketsToDollars("\\(x\n\ny^2\\)")).toBe("\\(x\n\ny^2\\)");
  });
});
