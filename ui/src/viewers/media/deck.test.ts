import { beforeEach, describe, expect, it, vi } from "vitest";

import { AttentionClock } from "../../attention";
import { Deck } from "./deck.svelte";
import type { Player } from "./player";

let now = 0;

/** A player whose clock is the test's. */
class Fake implements Player {
  readonly exact = false;
  readonly sounds = true;
  onfail = null;
  onlength = null;
  running = false;
  heard = false;
  #at = 0;
  #since = 0;

  constructor(readonly kind: "video" | "audio", readonly length: number) {}

  get ended() {
    return this.at() >= this.length;
  }

  now() {
    return 0;
  }

  at() {
    return Math.min(this.length, this.#at + (this.running ? (now - this.#since) / 1000 : 0));
  }

  start() {
    this.running = true;
    this.#since = now;
    return Promise.resolve();
  }

  stop() {
    this.#at = this.at();
    this.running = false;
  }

  seek(to: number) {
    this.#at = Math.min(to, this.length);
    this.#since = now;
    return Promise.resolve();
  }

  hear(on: boolean) {
    this.heard = on;
  }

  close() {}
}

let clock: AttentionClock;
let deck: Deck;
let left: Fake;
let right: Fake;

beforeEach(async () => {
  now = 1000;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.spyOn(performance, "now").mockImplementation(() => now);
  clock = new AttentionClock(() => now);
  deck = new Deck(clock, ["left", "right"]);
  left = new Fake("audio", 4);
  right = new Fake("audio", 2);
  deck.put("left", left);
  deck.put("right", right);
  await idle();
});

/** Lets promises settle. */
async function idle() {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}

async function pass(ms: number) {
  for (let gone = 0; gone < ms; gone += 50) {
    now += 50;
    vi.advanceTimersByTime(50);
    await idle();
  }
}

describe("a deck", () => {
  it("plays both from one place, the left one heard, and as long as the longer lasts", async () => {
    expect(deck.length).toBe(4);
    deck.play();
    await idle();
    expect([left.running, right.running, left.heard, right.heard]).toEqual([true, true, true, false]);
    await pass(1500);
    expect(left.at()).toBeCloseTo(1.5, 6);
    expect(deck.time).toBeCloseTo(1.5, 1);
    await pass(3000);
    expect([deck.playing, deck.time, right.at()]).toEqual([false, 4, 2]);
    deck.play();
    await idle();
    expect(left.at()).toBe(0);
  });

  it("writes down what was heard, once, of the side that was heard", async () => {
    deck.play();
    await idle();
    await pass(500);
    deck.switch();
    await pass(1000);
    deck.mute();
    await pass(200);
    deck.seek(0);
    await idle();
    deck.mute();
    await pass(400);
    deck.stop();
    expect(clock.read()).toMatchObject({ heard_ms: [500, 1000], plays: [2, 1], modes: ["switch", "mute", "seek"] });
  });

  it("keeps the place at a switch", async () => {
    deck.play();
    await idle();
    await pass(700);
    deck.switch();
    expect([left.at(), right.at(), left.heard, right.heard]).toEqual([0.7, 0.7, false, true]);
  });

  it("moves both by a seek, playing or not, and not beyond the ends", async () => {
    deck.seek(1.25);
    await idle();
    expect([left.at(), right.at(), left.running]).toEqual([1.25, 1.25, false]);
    deck.seekBy(9);
    await idle();
    expect([deck.time, left.at(), right.at()]).toEqual([4, 4, 2]);
    deck.seekBy(-9);
    await idle();
    expect([deck.time, right.at()]).toEqual([0, 0]);
  });

  it("goes on with one side where the other fails", async () => {
    deck.play();
    await idle();
    await pass(300);
    deck.take("left", left);
    await pass(300);
    expect([deck.playing, deck.length, right.running]).toEqual([true, 2, true]);
    expect(right.at()).toBeCloseTo(0.6, 6);
  });

  it("starts at the beginning with another pair, the left one heard", async () => {
    deck.mute();
    deck.play();
    await idle();
    await pass(300);
    deck.startPair();
    await idle();
    expect([deck.playing, deck.time, deck.heard, left.at()]).toEqual([false, 0, "left", 0]);
  });

  it("says so and stops where nothing moves", async () => {
    deck.play();
    await idle();
    vi.spyOn(left, "at").mockReturnValue(0.5);
    vi.spyOn(right, "at").mockReturnValue(0.5);
    await pass(6000);
    expect(deck.playing).toBe(false);
    expect(deck.trouble).toContain("sound device");
    expect(clock.read().fallback).toEqual([deck.trouble]);
  });

  it("stops the other deck when it starts", async () => {
    const prompt = new Deck(clock, ["prompt"]);
    prompt.put("prompt", new Fake("video", 3));
    await idle();
    prompt.play();
    await idle();
    deck.play();
    expect([prompt.playing, deck.playing]).toEqual([false, true]);
  });
});

it("a side that does not play leaves the sound to the other", async () => {
  deck.take("left", left);
  await idle();
  deck.play();
  await idle();
  expect([deck.heard, right.heard]).toEqual(["right", true]);
});
