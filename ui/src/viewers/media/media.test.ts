import { describe, expect, it } from "vitest";

import { fade } from "./buffered";
import { clockText, spokenTime, timeAt } from "./clock";
import { APART_S, Follower, LATE_S } from "./drift";
import { covered, merged, type Stretch } from "./intervals";
import { columnsOf, findPeaks, loudest } from "./peaks";

describe("stretches that were heard", () => {
  const all = (...stretches: Stretch[]) => stretches.reduce<Stretch[]>((list, one) => merged(list, one), []);

  it("count once where they overlap, and become one where they touch", () => {
    expect(all([0, 10], [10, 20], [5, 15])).toEqual([[0, 20]]);
    expect(all([30, 40], [0, 10], [20, 25])).toEqual([[0, 10], [20, 25], [30, 40]]);
    expect(all([0, 10], [20, 30], [40, 50], [5, 45])).toEqual([[0, 50]]);
  });

  it("are left as they are by what has no length", () => {
    expect(all([0, 10], [5, 5], [9, 2], [NaN, 3])).toEqual([[0, 10]]);
  });

  it("equal a count of single milliseconds, in any order", () => {
    let seed = 7;
    const random = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 50; round += 1) {
      const stretches = Array.from({ length: 20 }, (): Stretch => {
        const from = random(500);
        return [from, from + random(40)];
      });
      const single = new Set(stretches.flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n)));
      expect(covered(all(...stretches))).toBe(single.size);
    }
  });
});

describe("a film that follows the clock", () => {
  it("is left alone while it is near", () => {
    const follower = new Follower();
    for (let n = 0; n < 20; n += 1) expect(follower.next(n + APART_S * 0.9, n, n).kind).toBe("none");
  });

  it("waits when it is ahead, and not for one odd measurement", () => {
    const follower = new Follower();
    expect(follower.next(1.2, 1, 1).kind).toBe("none");
    const next = follower.next(1.45, 1.25, 1.25);
    expect(next.kind === "wait" && next.seconds).toBeCloseTo(0.2, 6);
  });

  it("is put right when it is behind, and aims better the next time", () => {
    const follower = new Follower();
    follower.next(0.8, 1, 1);
    expect(follower.next(1.05, 1.25, 1.25)).toEqual({ kind: "seek", to: 1.25 + LATE_S });
    // A second later it still lags by 0.1 s: the seek took that much longer than was thought.
    expect(follower.next(1.4, 1.5, 1.5).kind).toBe("none");
    expect(follower.next(2.4, 2.5, 2.5).kind).toBe("none");
    const next = follower.next(2.65, 2.75, 2.75);
    expect(next.kind === "seek" && next.to).toBeCloseTo(2.75 + LATE_S + 0.1, 6);
  });

  it("does not wait for seconds", () => {
    const follower = new Follower();
    follower.next(9, 1, 1);
    expect(follower.next(9.25, 1.25, 1.25).kind).toBe("seek");
  });

  it("ignores a time that is none", () => {
    expect(new Follower().next(NaN, 1, 1).kind).toBe("none");
  });
});

describe("peaks", () => {
  it("are the least and the greatest of all channels", () => {
    const left = Float32Array.from([0, 0.5, -0.25, 0]);
    const right = Float32Array.from([0, 0, -0.75, 1]);
    const peaks = findPeaks([left, right], 2, 2);
    expect([...peaks.least]).toEqual([0, -0.75]);
    expect([...peaks.most]).toEqual([0.5, 1]);
    expect(peaks.length).toBe(2);
    expect(loudest(peaks)).toBe(1);
  });

  it("lose no sample, however they are drawn", () => {
    const sound = new Float32Array(10_007);
    sound[6789] = -0.9;
    const peaks = findPeaks([sound], 1000, 512);
    for (const columns of [1, 7, 300, 2000]) {
      const lowest = Math.min(...columnsOf(peaks, columns, peaks.length).map((column) => column?.[0] ?? 0));
      expect(lowest).toBeCloseTo(-0.9, 6);
    }
  });

  it("end where the sound ends on a longer time line", () => {
    const peaks = findPeaks([new Float32Array(100).fill(0.5)], 100);
    const columns = columnsOf(peaks, 10, 2);
    expect(columns.map((column) => (column ? "x" : "-")).join("")).toBe("xxxxx-----");
  });

  it("of nothing are nothing", () => {
    const peaks = findPeaks([], 48_000);
    expect(columnsOf(peaks, 3, 1)).toEqual([null, null, null]);
    expect(loudest(peaks)).toBe(0);
    expect(columnsOf(findPeaks([new Float32Array(8)], 8), 0, 1)).toEqual([]);
  });
});

describe("a time", () => {
  it("has minutes, seconds and thousandths, and never runs ahead", () => {
    expect(clockText(0)).toBe("0:00.000");
    expect(clockText(3.2149)).toBe("0:03.214");
    expect(clockText(59.9999)).toBe("0:59.999");
    expect(clockText(83.252)).toBe("1:23.252");
    expect(clockText(3725.5)).toBe("1:02:05.500");
    expect(clockText(NaN)).toBe("0:00.000");
    expect(clockText(-1)).toBe("0:00.000");
  });

  it("is said in whole seconds", () => {
    expect(spokenTime(9.9)).toBe("9 s");
    expect(spokenTime(83.2)).toBe("1 min 23 s");
  });

  it("under the pointer stays on the line", () => {
    expect(timeAt(150, 100, 200, 8)).toBe(2);
    expect(timeAt(0, 100, 200, 8)).toBe(0);
    expect(timeAt(900, 100, 200, 8)).toBe(8);
    expect(timeAt(150, 100, 0, 8)).toBe(0);
  });
});

it("a switch keeps the power: what rises and what falls sum to one", () => {
  const up = fade(true);
  const down = fade(false);
  up.forEach((rising, n) => expect(rising ** 2 + (down[n] ?? 0) ** 2).toBeCloseTo(1, 5));
  expect([up[0], up.at(-1)].map((n) => Math.round((n ?? 0) * 1e6))).toEqual([0, 1e6]);
});
