// Pictures, fetched and decoded ahead. An element is lent to one viewer at a time, so that what was
// decoded is what is shown.

import { mediaUrl, type Medium } from "../backend";

/** Nobody waits longer for a pane. */
const DEADLINE_MS = 8_000;
const KEPT = 8;

const ready = new Map<string, Promise<HTMLImageElement>>();

/** Starts to fetch and decode a picture that will be needed soon. */
export function preload(media: readonly Medium[]) {
  for (const medium of media) {
    if (medium.kind !== "image" || ready.has(medium.id)) continue;
    const picture = load(medium.id);
    picture.catch(() => ready.delete(medium.id));
    keep(medium.id, picture);
  }
}

/** A decoded picture for one viewer. Rejects with a sentence. */
export function take(id: string): Promise<HTMLImageElement> {
  const waiting = ready.get(id);
  ready.delete(id);
  return waiting ?? load(id);
}

/** Gives a picture back, for the next question of the same pair. */
export function giveBack(id: string, picture: HTMLImageElement) {
  if (!ready.has(id)) keep(id, Promise.resolve(picture));
}

function keep(id: string, picture: Promise<HTMLImageElement>) {
  ready.set(id, picture);
  for (const oldest of ready.keys()) {
    if (ready.size <= KEPT) break;
    ready.delete(oldest);
  }
}

async function load(id: string): Promise<HTMLImageElement> {
  const url = await mediaUrl(id);
  if (url === null) throw new Error("Pictures cannot be fetched at the moment.");
  const picture = new Image();
  picture.referrerPolicy = "no-referrer";
  picture.draggable = false;
  picture.decoding = "sync";
  picture.src = url;
  await within(picture.decode(), DEADLINE_MS);
  return picture;
}

function within(decoded: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("This picture did not arrive in time.")), ms);
    decoded.then(
      () => resolve(),
      () => reject(new Error("This picture cannot be shown: its file is damaged or of a kind that this window cannot read.")),
    ).finally(() => clearTimeout(late));
  });
}
