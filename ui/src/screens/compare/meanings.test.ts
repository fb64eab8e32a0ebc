import { expect, it } from "vitest";

import { meanings } from "./meanings";

it("values are told their verdicts", () => {
  expect(meanings("")).toEqual({});
  expect(meanings("1 = response1, a=b=tie,garbage=none")).toEqual({
    "1": "response1",
    "a=b": "tie",
    garbage: null,
  });
});

it("what says nothing is not guessed", () => {
  for (const text of ["1", "1 =", "= tie", "1 = left", "1 = tie, 2"]) expect(meanings(text)).toBeNull();
});
