// One medium that plays. The deck moves several of them as one.

export interface Player {
  readonly kind: "video" | "audio";
  /** Its clock is the sound card's: two of these need no correction. */
  readonly exact: boolean;
  /** Seconds; 0 while unknown. */
  readonly length: number;
  /** It has sound at all. */
  readonly sounds: boolean;
  /** Its last frame or sample has been reached. */
  readonly ended: boolean;
  /** Hears why it cannot go on. */
  onfail: ((sentence: string) => void) | null;
  /** Hears that its length has become known or has changed. */
  onlength: (() => void) | null;
  /** Where it stands, in seconds. */
  at(): number;
  /** The moment of its own clock, for `start`; only an exact one has any. */
  now(): number;
  /** Plays from where it stands; an exact one at the moment `when`. */
  start(when: number): Promise<void>;
  stop(): void;
  seek(to: number): Promise<void>;
  /** Whether it is the one that is heard. */
  hear(on: boolean): void;
  close(): void;
}

/** Before the end by this much the last frame is still shown. */
const LAST_S = 0.03;
const SEEK_MS = 3000;

/** A `<video>` or `<audio>` of the page. */
export class ElementPlayer implements Player {
  readonly exact = false;
  onfail: ((sentence: string) => void) | null = null;
  onlength: (() => void) | null = null;
  #closed = false;
  #over = false;

  constructor(readonly element: HTMLMediaElement, readonly kind: "video" | "audio") {
    element.muted = true;
    element.addEventListener("error", () => {
      if (!this.#closed) this.onfail?.(errorSays(element.error?.code ?? 0, kind));
    });
    element.addEventListener("ended", () => (this.#over = true));
    element.addEventListener("durationchange", () => this.onlength?.());
  }

  get length() {
    const { duration, buffered } = this.element;
    if (Number.isFinite(duration)) return duration;
    return buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
  }

  get sounds() {
    if (this.kind === "audio") return true;
    const { audioTracks } = this.element as { audioTracks?: { length: number } };
    return audioTracks === undefined || audioTracks.length > 0;
  }

  get ended() {
    return this.element.ended || (this.length > 0 && this.element.currentTime >= this.length - 0.005);
  }

  at() {
    return this.element.currentTime;
  }

  now() {
    return 0;
  }

  async start() {
    if (this.ended) return;
    await this.element.play();
  }

  stop() {
    this.element.pause();
  }

  async seek(to: number) {
    const { element } = this;
    const wanted = Math.max(0, Math.min(to, this.length - (this.kind === "video" ? LAST_S : 0)));
    if (Math.abs(element.currentTime - wanted) < 0.001) return;
    if (element.ended && to >= this.length) return;
    if (this.#over) await this.#revive(wanted);
    if (Math.abs(element.currentTime - wanted) < 0.001) return;
    element.currentTime = wanted;
    await heard(element, "seeked", SEEK_MS);
  }

  /** WebKitGTK finishes no seek of a paused element that has reached its end; it must play on. */
  async #revive(wanted: number) {
    const { element } = this;
    const { muted } = element;
    element.muted = true;
    element.currentTime = wanted;
    element.play().catch(() => {
      // Whoever starts it next hears why.
    });
    await heard(element, "seeked", SEEK_MS);
    element.pause();
    element.muted = muted;
    this.#over = false;
  }

  hear(on: boolean) {
    this.element.muted = !on;
  }

  close() {
    this.#closed = true;
    this.element.pause();
    // Lets go of the decoder at once instead of when memory runs short.
    this.element.removeAttribute("src");
    this.element.load();
  }
}

/** Waits for an event, at most so long. */
function heard(element: HTMLElement, name: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late);
      element.removeEventListener(name, done);
      element.removeEventListener("error", done);
      resolve();
    };
    const late = setTimeout(done, ms);
    element.addEventListener(name, done);
    element.addEventListener("error", done);
  });
}

/** A `MediaError`'s code in words. */
export function errorSays(code: number, kind: "video" | "audio"): string {
  const it = kind === "video" ? "film" : "sound";
  switch (code) {
    case 2:
      return `This ${it} stopped arriving.`;
    case 3:
      return `This ${it} cannot be played to its end: its file is damaged.`;
    case 4:
      return `This ${it} cannot be played: its file is damaged or the codec is missing. Missing codecs come with the packages gstreamer1.0-plugins-bad and gstreamer1.0-libav.`;
    default:
      return `This ${it} cannot be played.`;
  }
}
