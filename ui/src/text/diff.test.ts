import { expect, it } from "vitest";

import { chunks } from "./chunks";
import { tokens, wordDiff } from "./diff";
import { work } from "./work";

it("tokens joined again are the text", () => {
  for (const text of ["", "Hello, world!\n\n", "مرحبا بالعالم", "归并排序很快", "a\u0000b 👩‍👩‍👧 e\u0301"]) {
    expect(tokens(text).join("")).toBe(text);
  }
});

it("both sides of a difference are whole", () => {
  const left = "The quick brown fox jumps.";
  const right = "The slow brown fox sleeps soundly.";
  const found = wordDiff(left, right, 1000);
  expect(found?.left.map((p) => p.text).join("")).toBe(left);
  expect(found?.right.map((p) => p.text).join("")).toBe(right);
  expect(found?.left.filter((p) => p.changed).map((p) => p.text)).toEqual(["quick", "jumps"]);
});

it("a difference that takes too long is none", () => {
  const words = (seed: number) => Array.from({ length: 20_000 }, (_, i) => `w${(i * seed) % 7919}`).join(" ");
  expect(wordDiff(words(7), words(13), 1)).toBeNull();
});

it("chunks joined again are the text, and cut at lines, spaces or between characters", () => {
  const lines = "a line of text\n".repeat(5000);
  expect(chunks(lines).join("")).toBe(lines);
  expect(chunks(lines).every((c) => c.length <= 8000)).toBe(true);
  expect(chunks(lines).slice(0, -1).every((c) => c.endsWith("\n"))).toBe(true);
  const faces = "👩".repeat(5000);
  expect(chunks(faces, 1001).join("")).toBe(faces);
  expect(chunks(faces, 1001).every((c) => c.isWellFormed())).toBe(true);
  expect(chunks("")).toEqual([""]);
});

it("a text with too many parts is refused in words", () => {
  expect(() => work({ kind: "markdown", text: "a\n\n".repeat(25_000) })).toThrow("too intricate");
});
