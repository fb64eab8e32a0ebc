// What a question shows: by this, and not by its task, the screen decides which keys are live and
// which buttons stand under a pane.

import type { Question } from "../../backend";
import type { Scope } from "../../bindings/Scope";
import { playable } from "../../viewers/media/load";

export interface Shown {
  /** A side has words. */
  readonly hasText: boolean;
  /** Both have. */
  readonly twoTexts: boolean;
  readonly hasImage: boolean;
  readonly hasModel: boolean;
  /** A side has a film or a sound. */
  readonly plays: boolean;
  readonly promptText: boolean;
  readonly promptMedia: boolean;
  /** The prompt has something to zoom or turn. */
  readonly promptImage: boolean;
  readonly promptPlays: boolean;
}

const words = ({ text }: { readonly text: string }) => text.trim() !== "";

export function shownBy(question: Question | null): Shown {
  const sides = question ? [question.left, question.right] : [];
  const media = sides.flatMap((side) => side.media);
  const asked = question?.prompt.media ?? [];
  return {
    hasText: sides.some(words),
    twoTexts: sides.length > 0 && sides.every(words),
    hasImage: media.some(({ kind }) => kind === "image"),
    hasModel: media.some(({ kind }) => kind === "model3d"),
    plays: media.some(playable),
    promptText: question !== null && words(question.prompt),
    promptMedia: asked.length > 0,
    promptImage: asked.some(({ kind }) => kind === "image" || kind === "model3d"),
    promptPlays: asked.some(playable),
  };
}

/** The viewers' keys that mean something. */
export function viewerScopes(shown: Shown): Scope[] {
  return [
    ...(shown.hasText || shown.promptText ? (["text"] as const) : []),
    ...(shown.hasImage || shown.hasModel || shown.promptImage ? (["image"] as const) : []),
    ...(shown.plays || shown.promptPlays ? (["media"] as const) : []),
  ];
}
