import { describe, expect, it } from "vitest";

import { FIT, fitScale, panBy, panStep, place, scaleOf, viewName, zoomBy } from "./zoom";

const pane = { width: 600, height: 400 };
const large = { width: 1200, height: 400 };
const small = { width: 300, height: 100 };

/** Which fraction of a picture stands at a place in the pane. */
function under(view: Parameters<typeof place>[0], picture: typeof large, x: number, y: number) {
  const spot = place(view, picture, pane);
  return [(x - spot.x) / (picture.width * spot.scale), (y - spot.y) / (picture.height * spot.scale)];
}

describe("zoom", () => {
  it("fits a picture into its pane, in the middle", () => {
    expect(fitScale(large, pane)).toBe(0.5);
    expect(place(FIT, large, pane)).toEqual({ scale: 0.5, x: 0, y: 100 });
    expect(place(FIT, small, pane)).toEqual({ scale: 2, x: 0, y: 100 });
  });

  it("never enlarges beyond 800 %", () => {
    expect(fitScale({ width: 1, height: 1 }, pane)).toBe(8);
    let view = FIT;
    for (let i = 0; i < 60; i++) view = zoomBy(view, 1, large, pane);
    expect(scaleOf(view, large, pane)).toBeCloseTo(8, 6);
  });

  it("never shrinks below fit or 1:1, whichever is smaller", () => {
    let view = FIT;
    for (let i = 0; i < 60; i++) view = zoomBy(view, -1, small, pane);
    expect(scaleOf(view, small, pane)).toBeCloseTo(1, 6);
    view = FIT;
    for (let i = 0; i < 5; i++) view = zoomBy(view, -1, large, pane);
    expect(view).toEqual(FIT);
  });

  it("keeps what is under the pointer", () => {
    let view = zoomBy(FIT, 8, large, pane);
    const before = under(view, large, 200, 150);
    view = zoomBy(view, 1, large, pane, { x: 200, y: 150 });
    const after = under(view, large, 200, 150);
    expect(after[0]).toBeCloseTo(before[0] ?? NaN, 6);
    expect(after[1]).toBeCloseTo(before[1] ?? NaN, 6);
  });

  it("shows the same part of pictures of different sizes", () => {
    const view = zoomBy(FIT, 4, large, pane, { x: 450, y: 200 });
    const a = under(view, large, 300, 200);
    const b = under(view, small, 300, 200);
    expect(b[0]).toBeCloseTo(a[0] ?? NaN, 6);
    expect(b[1]).toBeCloseTo(a[1] ?? NaN, 6);
  });

  it("1:1 is a picture pixel to a screen pixel, whatever the screen's ratio", () => {
    const one = { ...FIT, mode: "one" as const };
    expect(scaleOf(one, large, pane, 2)).toBe(0.5);
    expect(place(one, large, pane, 1)).toMatchObject({ scale: 1, x: -300, y: 0 });
  });
});

describe("pan", () => {
  it("follows the pointer and stops at the edge", () => {
    const view = zoomBy(FIT, 6, large, pane);
    const moved = panBy(view, 50, 0, large, pane);
    expect(place(moved, large, pane).x).toBeCloseTo(place(view, large, pane).x + 50, 6);
    expect(place(panBy(view, 1e6, 0, large, pane), large, pane).x).toBeCloseTo(0, 6);
    const right = place(panBy(view, -1e6, 0, large, pane), large, pane);
    expect(right.x + large.width * right.scale).toBeCloseTo(pane.width, 6);
  });

  it("does nothing to a picture that fits", () => {
    expect(place(panStep(FIT, 1, 1, large, pane), large, pane)).toEqual(place(FIT, large, pane));
  });

  it("moves the view by a tenth of the pane", () => {
    const view = zoomBy(FIT, 6, large, pane);
    const moved = panStep(view, 1, 0, large, pane);
    expect(place(moved, large, pane).x).toBeCloseTo(place(view, large, pane).x - 60, 6);
  });
});

it("a view's name gives no picture's size away", () => {
  expect(viewName(FIT)).toBe("fit");
  expect(viewName({ ...FIT, mode: "one" })).toBe("1:1");
  expect(viewName({ ...FIT, mode: "free", zoom: 2.44 })).toBe("× 2.4");
});
