// The page's sound engine: one audio context, asked once whether it really runs.

const PROBE_MS = 2500;
const REST_MS = 4000;

let found: Promise<AudioContext | null> | null = null;
let playing = 0;
let resting: ReturnType<typeof setTimeout> | undefined;

/** The context, or null where its clock does not move, as without a sound device. */
export function engine(): Promise<AudioContext | null> {
  found ??= probe();
  return found;
}

/** Keeps the context awake until as many calls of `rest`; it sleeps when nobody plays. */
export function wake(context: AudioContext) {
  playing += 1;
  clearTimeout(resting);
  if (context.state !== "running") void context.resume();
}

export function rest(context: AudioContext) {
  playing -= 1;
  clearTimeout(resting);
  resting = setTimeout(() => {
    if (playing === 0) void context.suspend();
  }, REST_MS);
}

/** Decodes without a device, too. */
export async function decode(bytes: ArrayBuffer): Promise<AudioBuffer> {
  const live = await engine();
  const context = live ?? new OfflineAudioContext(2, 1, 48_000);
  return context.decodeAudioData(bytes);
}

async function probe(): Promise<AudioContext | null> {
  try {
    const context = new AudioContext();
    const end = performance.now() + PROBE_MS;
    await Promise.race([context.resume(), pass(PROBE_MS)]);
    const from = context.currentTime;
    while (performance.now() < end) {
      if (context.state === "running" && context.currentTime > from) {
        resting = setTimeout(() => {
          if (playing === 0) void context.suspend();
        }, REST_MS);
        return context;
      }
      await pass(30);
    }
    await context.close();
  } catch {
    // No engine at all: the page's own elements play instead.
  }
  return null;
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
