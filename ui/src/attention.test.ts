import { beforeEach, describe, expect, it } from "vitest";

import { AttentionClock, IDLE_MS } from "./attention";

let now = 0;
let clock: AttentionClock;

beforeEach(() => {
  now = 5000;
  clock = new AttentionClock(() => now);
  clock.show("left", true);
  clock.show("right", true);
});

function pass(ms: number) {
  now += ms;
}

describe("the attention clock", () => {
  it("counts the question and what is in view", () => {
    pass(1000);
    clock.show("right", false);
    pass(500);
    clock.show("prompt", true);
    pass(250);
    expect(clock.read()).toMatchObject({ elapsed_ms: 1750, seen_ms: [1750, 1000], prompt_ms: 250 });
  });

  it("stops while hidden, blurred or paused, for as long as any of them holds", () => {
    pass(100);
    clock.stop("hidden", true);
    pass(1000);
    clock.stop("blurred", true);
    clock.stop("hidden", false);
    pass(1000);
    clock.stop("blurred", false);
    pass(100);
    clock.stop("paused", true);
    pass(1000);
    expect(clock.read()).toMatchObject({ elapsed_ms: 200, seen_ms: [200, 200] });
  });

  it("stops after a minute without a touch and goes on at the next", () => {
    pass(IDLE_MS + 30_000);
    clock.touch();
    expect(clock.read().elapsed_ms).toBe(IDLE_MS);
    pass(1000);
    expect(clock.read().elapsed_ms).toBe(IDLE_MS + 1000);
  });

  it("gives the same however often it is read", () => {
    for (let i = 0; i < 100; i++) {
      pass(1000);
      clock.read();
    }
    expect(clock.read().elapsed_ms).toBe(IDLE_MS);
  });

  it("coming back to the window counts as a touch", () => {
    clock.stop("blurred", true);
    pass(10 * IDLE_MS);
    clock.stop("blurred", false);
    pass(2000);
    expect(clock.read().elapsed_ms).toBe(2000);
  });

  it("starts anew with a question and keeps what is in view", () => {
    clock.used("zoom");
    clock.fellBack("Left: This picture cannot be shown.");
    pass(1000);
    clock.restart();
    pass(10);
    expect(clock.read()).toEqual({
      ...{ modes: [], gain_db: [0, 0], seen_ms: [10, 10], heard_ms: [0, 0] },
      ...{ prompt_ms: 0, plays: [0, 0], elapsed_ms: 10, fallback: [] },
    });
  });

  it("names each mode and each fallback once", () => {
    for (const mode of ["zoom", "pan", "zoom"]) clock.used(mode);
    clock.fellBack("A.");
    clock.fellBack("A.");
    expect(clock.read()).toMatchObject({ modes: ["zoom", "pan"], fallback: ["A."] });
  });

  it("answers whole milliseconds", () => {
    pass(10.6);
    expect(clock.read().elapsed_ms).toBe(11);
  });

  it("does not count as heard what plays to a window that nobody attends to", () => {
    clock.heard("left", 0, 500);
    clock.stop("blurred", true);
    clock.heard("left", 500, 900);
    clock.stop("blurred", false);
    clock.heard("left", 250, 600);
    pass(IDLE_MS + 1);
    clock.heard("right", 0, 900);
    expect(clock.read().heard_ms).toEqual([600, 0]);
  });
});

describe("what is heard", () => {
  it("counts once per stretch of the medium, and anew with every question", () => {
    clock.heard("left", 0, 800);
    clock.heard("left", 500, 1000);
    clock.heard("right", 200.4, 300.4);
    clock.played("left");
    expect(clock.read()).toMatchObject({ heard_ms: [1000, 100], plays: [1, 0] });
    clock.restart();
    expect(clock.read()).toMatchObject({ heard_ms: [0, 0], plays: [0, 0] });
  });

  it("of the prompt is part of its time, and is not counted beside what is seen of it", () => {
    clock.show("prompt", true);
    pass(100);
    clock.sound("prompt", true);
    pass(400);
    clock.show("prompt", false);
    pass(500);
    clock.sound("prompt", false);
    pass(900);
    expect(clock.read()).toMatchObject({ prompt_ms: 1000, elapsed_ms: 1900 });
  });

  it("is written down before it is read", () => {
    clock.beforeRead(() => clock.heard("right", 0, 250));
    expect(clock.read().heard_ms).toEqual([0, 250]);
  });
});
