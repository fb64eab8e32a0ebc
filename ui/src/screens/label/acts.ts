// What the viewers' keys do: text modes, zoom and pan.

import type { AttentionClock } from "../../attention";
import type { Action } from "../../bindings/Action";
import type { Compare } from "../../viewers/compare.svelte";
import type { Deck } from "../../viewers/media/deck.svelte";
import { START, turnStep, zoomStep } from "../../viewers/orbit";
import { FIT, panStep, zoomBy, type Size } from "../../viewers/zoom";

/** An action with a button under a pane. */
export interface Hint {
  readonly action: Action;
  readonly says: string;
  readonly on?: boolean;
}

const IMAGE_ACTS: readonly Hint[] = [
  { action: "zoom_in", says: "zoom in" },
  { action: "zoom_out", says: "out" },
  { action: "zoom_fit", says: "fit" },
  { action: "zoom_one", says: "1:1" },
];

const MODEL_ACTS: readonly Hint[] = [
  { action: "zoom_in", says: "zoom in" },
  { action: "zoom_out", says: "out" },
  { action: "pan_left", says: "turn" },
  { action: "zoom_fit", says: "reset" },
];

/** Under the left pane: what fits what is shown. */
export function leftActs(
  compare: Compare,
  shown: { readonly hasText: boolean; readonly twoTexts: boolean; readonly hasImage: boolean; readonly hasModel: boolean },
): Hint[] {
  return [
    ...(shown.hasText ? [{ action: "raw" as const, says: "as written", on: compare.raw }] : []),
    ...(shown.twoTexts ? [{ action: "diff" as const, says: "differences", on: compare.diff }] : []),
    ...(shown.hasText ? [{ action: "link_scroll" as const, says: "link scroll", on: compare.linked }] : []),
    ...(shown.hasImage ? IMAGE_ACTS : shown.hasModel ? MODEL_ACTS : []),
  ];
}

/** Criteria are offered only where people are asked for them, and neither they nor a skip once the
    question is answered and its answer told. */
export function rightActs(asks: boolean, answered = false): readonly Hint[] {
  return [
    ...(asks && !answered ? [{ action: "criterion" as const, says: "criterion" }] : []),
    { action: "pause", says: "pause" },
    ...(answered ? [] : [{ action: "skip" as const, says: "skip" }]),
  ];
}

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
      if (compare.models > 0) turnModels(action, compare, clock);
      return actOnPicture(action, compare, sizes, clock);
  }
}

/** The same keys turn models, where there are any. */
function turnModels(action: Action, compare: Compare, clock: AttentionClock) {
  const pan = PANS[action];
  const { orbit } = compare;
  if (pan) compare.orbit = turnStep(orbit, pan[0], -pan[1]);
  else if (action === "zoom_fit") compare.orbit = START;
  else if (action === "zoom_in") compare.orbit = zoomStep(orbit, 1);
  else if (action === "zoom_out") compare.orbit = zoomStep(orbit, -1);
  else return;
  clock.used("orbit");
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

/** What moves films and sounds. */
const PLAYS: Partial<Record<Action, (deck: Deck) => void>> = {
  play: (deck) => deck.toggle(),
  switch: (deck) => deck.switch(),
  seek_back: (deck) => deck.seekBy(-1),
  seek_forward: (deck) => deck.seekBy(1),
  to_start: (deck) => deck.seek(0),
  mute: (deck) => deck.mute(),
};

/** Does an action of films and sounds; false where it is not one. The keys are the sides', unless
    only the prompt plays or its pane has the focus. */
export function actOnDeck(action: Action, sides: Deck | null, prompt: Deck | null): boolean {
  const move = PLAYS[action];
  if (!move) return false;
  const inPrompt = document.activeElement?.closest("#prompt-media") ?? null;
  const deck = inPrompt && prompt ? prompt : (sides ?? prompt);
  if (deck) move(deck);
  return true;
}

/** A viewer's mode that outlives a question counts for the next one too. */
export function carryModes(compare: Compare, clock: AttentionClock) {
  if (compare.raw) clock.used("raw");
  if (compare.diff) clock.used("diff");
  if (compare.view !== FIT) clock.used("zoom");
  if (compare.orbit !== START) clock.used("orbit");
}
