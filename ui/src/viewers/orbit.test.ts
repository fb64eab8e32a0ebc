import { expect, test } from "vitest";

import { frameSize, orbitName, slideBy, START, turnBy, turnStep, zoomStep } from "./orbit";

const PANE = { width: 400, height: 200 };

test("a drag across the shorter side is half a turn, against the pointer", () => {
  const turned = turnBy(START, 200, 0, PANE);
  expect(turned.yaw - START.yaw).toBeCloseTo(-Math.PI);
  expect(turnBy(START, 0, 50, PANE).pitch).toBeGreaterThan(START.pitch);
  expect(turnBy(START, 0, 9999, PANE).pitch).toBe(1.5);
});

test("twenty-four keys are a whole turn", () => {
  let orbit = START;
  for (let n = 0; n < 24; n += 1) orbit = turnStep(orbit, 1, 0);
  expect(orbit.yaw - START.yaw).toBeCloseTo(2 * Math.PI);
  expect(orbitName(orbit)).toBe("turned 0°");
  expect(turnStep(START, 0, -99).pitch).toBe(-1.5);
});

test("zoom goes in steps within bounds and leaves the target", () => {
  const near = zoomStep(slideBy(START, 10, 0, PANE), 2);
  expect(near.zoom).toBeCloseTo(1.44);
  expect(near.panX).toBe(slideBy(START, 10, 0, PANE).panX);
  expect(zoomStep(START, 99).zoom).toBe(20);
  expect(zoomStep(START, -99).zoom).toBe(0.25);
});

test("a slide moves the camera against the pointer, less the nearer it is", () => {
  const far = slideBy(START, 100, 0, PANE);
  const near = slideBy({ ...START, zoom: 2 }, 100, 0, PANE);
  expect(far.panX).toBeCloseTo(2 * near.panX);
  expect(far.panX).toBeLessThan(0);
  expect(slideBy(START, 0, 100, PANE).panY).toBeGreaterThan(0);
});

test("frames are no larger than the screen shows, nor than Rust draws", () => {
  expect(frameSize(PANE, 1, false)).toEqual(PANE);
  expect(frameSize(PANE, 3, false)).toEqual({ width: 600, height: 300 });
  expect(frameSize(PANE, 1, true)).toEqual({ width: 200, height: 100 });
  expect(frameSize({ width: 5000, height: 0 }, 1, false)).toEqual({ width: 2048, height: 1 });
});
