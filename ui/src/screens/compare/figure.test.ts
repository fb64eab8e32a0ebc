import { expect, it } from "vitest";

import { agreementCommand, folderWord } from "./command";
import { decimal, interval, percents } from "./figure";

it("figures have two places, a true minus and no minus nought", () => {
  expect([0.7149, -0.05, -0.001, 1].map((value) => decimal(value))).toEqual(["0.71", "−0.05", "0.00", "1.00"]);
});

it("intervals are short, and never a minus beside a dash", () => {
  expect(interval([0.68, 0.744])).toBe(".68–.74");
  expect(interval([-0.1, 0.2])).toBe("−.10 to .20");
  expect(interval([0.9, 1])).toBe(".90–1.00");
  expect(interval([-1.5, -0.5])).toBe("−1.50 to −.50");
  expect(percents([0.801, 0.859])).toBe("80–86");
});

it("the command is whole and a shell takes it", () => {
  const request = { by: ["task"], both_bad_as_tie: true, replicates: 2000, seed: 1, converge: false };
  expect(agreementCommand(folderWord("/home/a/kitchen-bench/"), request)).toBe(
    "tiebreak agreement kitchen-bench --by task --both-bad tie --replicates 2000 --seed 1 --json",
  );
  expect(folderWord("/home/a/it's; rm -rf")).toBe("'./it'\\''s; rm -rf'");
  expect(folderWord("/home/-rf")).toBe("'./-rf'");
});
