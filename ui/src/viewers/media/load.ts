// From a medium to something that plays, or to a sentence that says why not. Nothing here tells
// what kind of file it is: only whether it plays.

import { mediaUrl, type Medium } from "../../backend";
import { BufferPlayer } from "./buffered";
import { decode, engine } from "./engine";
import { findPeaks, type Peaks } from "./peaks";
import { ElementPlayer, errorSays, type Player } from "./player";

/** Nobody waits longer for a pane: what has not opened by then is said not to play. */
const DEADLINE_MS = 8_000;
/** Whether a file can be had at all is known at once: it is on this machine. */
const ARRIVAL_MS = 1_000;
/** Beyond these a sound is played as it arrives, not decoded whole. */
const LARGEST_BYTES = 100_000_000;
const LONGEST_S = 15 * 60;
/** What is loaded ahead of its question is small, and not much. */
const AHEAD_BYTES = 20_000_000;
const KEPT = 6;

export interface Loaded {
  readonly player: Player;
  /** The picture's element, for a film. */
  readonly element: HTMLMediaElement | null;
  readonly peaks: Peaks | null;
  /** What is not as meant though it plays. */
  readonly note: string;
}

export const TOO_LONG = "Too long for its waveform to be drawn. It plays all the same.";
const NO_WAVEFORM = "Its waveform cannot be drawn. It plays all the same.";
const NO_ENGINE = "The sound engine does not run here: switching sides may leave a gap.";

const ahead = new Map<string, Promise<Loaded>>();
/** What stands on the screen: the next question of a pair keeps it. */
const shown = new Set<string>();

/** Loads media that will be needed soon. */
export function loadAhead(media: readonly Medium[]) {
  for (const medium of media) {
    const { id, bytes } = medium;
    if (!playable(medium) || bytes > AHEAD_BYTES || ahead.has(id) || shown.has(id)) continue;
    const loaded = load(medium);
    loaded.catch(() => ahead.delete(id));
    ahead.set(id, loaded);
  }
  for (const [id, loaded] of ahead) {
    if (ahead.size <= KEPT) break;
    ahead.delete(id);
    loaded.then(({ player }) => player.close(), () => {});
  }
}

/** A film or a sound for one viewer. Rejects with a sentence. */
export function takeLoaded(medium: Medium): Promise<Loaded> {
  const waiting = ahead.get(medium.id);
  ahead.delete(medium.id);
  shown.add(medium.id);
  return waiting ?? load(medium);
}

/** The viewer of a medium is gone. */
export function letGo(medium: Medium) {
  shown.delete(medium.id);
}

export function playable({ kind }: Medium): boolean {
  return kind === "video" || kind === "audio";
}

async function load(medium: Medium): Promise<Loaded> {
  const url = await mediaUrl(medium.id);
  if (url === null) throw new Error("Films and sounds cannot be fetched at the moment.");
  if (medium.kind === "video") {
    const element = document.createElement("video");
    element.playsInline = true;
    element.disablePictureInPicture = true;
    await opened(element, url, "loadeddata", "video");
    return { player: new ElementPlayer(element, "video"), element, peaks: null, note: "" };
  }
  return loadSound(medium, url);
}

async function loadSound(medium: Medium, url: string): Promise<Loaded> {
  const until = performance.now() + DEADLINE_MS;
  const element = document.createElement("audio");
  await opened(element, url, "loadedmetadata", "audio");
  const plain = (peaks: Peaks | null, note: string): Loaded => ({
    ...{ player: new ElementPlayer(element, "audio"), element: null, peaks, note },
  });
  if (medium.bytes > LARGEST_BYTES || !(element.duration <= LONGEST_S)) return plain(null, TOO_LONG);
  let sound: AudioBuffer;
  try {
    const answer = await fetch(url);
    if (!answer.ok) return plain(null, NO_WAVEFORM);
    sound = await within(decode(await answer.arrayBuffer()), until - performance.now());
  } catch {
    return plain(null, NO_WAVEFORM);
  }
  const channels = Array.from({ length: sound.numberOfChannels }, (_, n) => sound.getChannelData(n));
  const peaks = findPeaks(channels, sound.sampleRate);
  const context = await engine();
  if (!context) return plain(peaks, NO_ENGINE);
  new ElementPlayer(element, "audio").close();
  return { player: new BufferPlayer(context, sound), element: null, peaks, note: "" };
}

/** Waits until the element has what the event says. Rejects with a sentence. */
function opened(
  element: HTMLMediaElement,
  url: string,
  event: "loadeddata" | "loadedmetadata",
  kind: "video" | "audio",
): Promise<void> {
  element.preload = "auto";
  element.muted = true;
  const done = new Promise<void>((resolve, reject) => {
    element.addEventListener(event, () => resolve(), { once: true });
    element.addEventListener(
      "error",
      () => reject(new Error(errorSays(element.error?.code ?? 0, kind))),
      { once: true },
    );
  });
  element.src = url;
  return within(done, DEADLINE_MS).catch(async (thrown: unknown) => {
    // WebKit may report nothing about a broken file. One that can be fetched has arrived.
    const silent = thrown instanceof Late && (await arrives(url));
    throw silent ? new Error(errorSays(MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED, kind)) : thrown;
  });
}

/** Whether the first bytes of a file can be had. */
async function arrives(url: string): Promise<boolean> {
  try {
    const answer = await within(fetch(url), ARRIVAL_MS);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

class Late extends Error {
  constructor() {
    super("This file did not arrive in time.");
  }
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Late()), ms);
    promise.then(resolve, (thrown: unknown) =>
      reject(thrown instanceof Error ? thrown : new Error("This file cannot be played.")),
    ).finally(() => clearTimeout(late));
  });
}
