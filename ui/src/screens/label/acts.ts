// What the viewers' keys do: text modes, zoom and pan.

import type { AttentionClock } from "../../attention";
import type { Action } from "../../bindings/Action";
import type { Compare } from "../../viewers/compare.svelte";
import { FIT, panStep, zoomBy, type Size } from "../../viewers/zoom";

/** An action with a button under a pane. */
export interface Hint {
  readonly action: Action;
  readonly says: string;
  readonly on?: boolean;
}

export const IMAGE_ACTS: readonly Hint[] = [
  { action: "zoom_in", says: "zoom in" },
  { action: "zoom_out", says: "out" },
  { action: "zoom_fit", says: "fit" },
  { action: "zoom_one", says: "1:1" },
];

export const RIGHT_ACTS: readonly Hint[] = [
  { action: "criterion", says: "criterion" },
  { action: "pause", says: "pause" },
  { action: "skip", says: "skip" },
];

export interface Sizes {
  readonly picture: Size;
  readonly pane: Size;
}

const PANS: Partial<Record<Action, readonly [number, number]>> = {
  pan_left: [-1, 0],
  pan_right: [1, 0],
  pan_up: [0, -1],
  pan_down: [0, 1],
};

/** Does a viewer's action; false where it is not one. */
export function actOnViewer(action: Action, compare: Compare, sizes: Sizes | null, clock: AttentionClock): boolean {
  switch (action) {
    case "raw":
      compare.raw = !compare.raw;
      clock.used("raw");
      return true;
    case "diff":
      compare.diff = !compare.diff;
      clock.used("diff");
      return true;
    case "link_scroll":
      compare.linked = !compare.linked;
      clock.used("link_scroll");
      return true;
    default:
      return actOnPicture(action, compare, sizes, clock);
  }
}

function actOnPicture(action: Action, compare: Compare, sizes: Sizes | null, clock: AttentionClock): boolean {
  const pan = PANS[action];
  const zooms = ["zoom_in", "zoom_out", "zoom_fit", "zoom_one"].includes(action);
  if (!pan && !zooms) return false;
  if (!sizes) return true;
  const { picture, pane } = sizes;
  const { view } = compare;
  if (pan) compare.view = panStep(view, pan[0], pan[1], picture, pane, devicePixelRatio);
  else if (action === "zoom_fit") compare.view = FIT;
  else if (action === "zoom_one") compare.view = { ...FIT, mode: "one", centre: view.centre };
  else {
    const steps = action === "zoom_in" ? 1 : -1;
    compare.view = zoomBy(view, steps, picture, pane, undefined, devicePixelRatio);
  }
  clock.used(pan ? "pan" : "zoom");
  return true;
}

/** A viewer's mode that outlives a question counts for the next one too. */
export function carryModes(compare: Compare, clock: AttentionClock) {
  if (compare.raw) clock.used("raw");
  if (compare.diff) clock.used("diff");
  if (compare.view !== FIT) clock.used("zoom");
}
