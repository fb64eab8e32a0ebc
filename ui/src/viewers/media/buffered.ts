// A sound decoded whole, played by the sound engine: two of them start at the same sample.

import { rest, wake } from "./engine";
import type { Player } from "./player";

const FADE_S = 0.01;
const STEPS = 32;

/** Equal power: the two curves' squares sum to one at every moment of a switch. */
export function fade(rising: boolean): Float32Array {
  return Float32Array.from({ length: STEPS }, (_, n) => {
    const part = ((n / (STEPS - 1)) * Math.PI) / 2;
    return rising ? Math.sin(part) : Math.cos(part);
  });
}

export class BufferPlayer implements Player {
  readonly kind = "audio";
  readonly exact = true;
  readonly sounds = true;
  onfail: ((sentence: string) => void) | null = null;
  onlength: (() => void) | null = null;

  #context: AudioContext;
  #buffer: AudioBuffer;
  #gain: GainNode;
  #source: AudioBufferSourceNode | null = null;
  #from = 0;
  #since = 0;
  #heard = false;
  #fadedAt = 0;

  constructor(context: AudioContext, buffer: AudioBuffer) {
    this.#context = context;
    this.#buffer = buffer;
    this.#gain = context.createGain();
    this.#gain.gain.value = 0;
    this.#gain.connect(context.destination);
  }

  get length() {
    return this.#buffer.duration;
  }

  get ended() {
    return this.at() >= this.length;
  }

  at() {
    const gone = this.#source ? Math.max(0, this.#context.currentTime - this.#since) : 0;
    return Math.min(this.length, this.#from + gone);
  }

  now() {
    return this.#context.currentTime;
  }

  start(when: number): Promise<void> {
    this.#halt();
    if (this.#from >= this.length) return Promise.resolve();
    const source = this.#context.createBufferSource();
    source.buffer = this.#buffer;
    source.connect(this.#gain);
    source.start(when, this.#from);
    this.#source = source;
    this.#since = when;
    wake(this.#context);
    return Promise.resolve();
  }

  stop() {
    this.#from = this.at();
    this.#halt();
  }

  seek(to: number): Promise<void> {
    this.#halt();
    this.#from = Math.max(0, Math.min(to, this.length));
    return Promise.resolve();
  }

  hear(on: boolean) {
    if (on === this.#heard) return;
    this.#heard = on;
    const { gain } = this.#gain;
    if (this.#context.state !== "running") {
      gain.cancelScheduledValues(0);
      gain.value = on ? 1 : 0;
      this.#fadedAt = 0;
      return;
    }
    // Fades that overlap are refused: a second switch within one waits for its end.
    const from = Math.max(this.#context.currentTime, this.#fadedAt);
    gain.setValueCurveAtTime(fade(on), from, FADE_S);
    this.#fadedAt = from + FADE_S;
  }

  close() {
    this.#halt();
    this.#gain.disconnect();
  }

  #halt() {
    if (!this.#source) return;
    this.#source.stop();
    this.#source.disconnect();
    this.#source = null;
    rest(this.#context);
  }
}
