import { expect, it } from "vitest";

import type { Question } from "../../backend";
import { Fallbacks } from "./fallbacks";

function question(pair: string, left: string, criterion: string): Question {
  const side = (text: string) => ({ text, media: [] });
  return {
    ...{ assignment: criterion, question: criterion, pair, task: "text_to_text", criterion },
    ...{ prompt: side("p"), left: side(left), right: side("right") },
  };
}

it("counts for every question on the same content and for no other", () => {
  const fallbacks = new Fallbacks();
  fallbacks.add(question("1", "a", "x"), "Left: too long.");
  expect(fallbacks.of(question("1", "a", "y"))).toEqual(["Left: too long."]);
  expect(fallbacks.of(question("1", "right", "y")), "sides swapped").toEqual([]);
  fallbacks.add(question("2", "a", "x"), "Right: broken.");
  expect(fallbacks.of(question("2", "a", "x"))).toEqual(["Right: broken."]);
});
