// One transport for what plays on the sides of a pair, or in the prompt: one clock, one position,
// one side that is heard.

import type { AttentionClock, Part } from "../../attention";
import type { Player } from "./player";
import { Together } from "./together";

const CHECK_MS = 250;
/** A clock that stands still for so long while it should run won't run. */
const STUCK_MS = 4000;
/** All start together, so soon after the key that nobody notices. */
const LEAD_S = 0.04;

/** The sides by shape, for those who don't tell them by colour. */
export const MARKS: Record<Part, string> = { left: "■", right: "●", prompt: "" };

/** Stops the deck that played last: never two at once. */
let stopOther = () => {};

export class Deck {
  playing = $state(false);
  /** Where all stand, in seconds. */
  time = $state(0);
  heard = $state<Part | "none">("none");
  /** Why nothing moves, in words. */
  trouble = $state("");
  tracks = $state.raw<Partial<Record<Part, Player>>>({});
  levels = $state.raw<Partial<Record<Part, number>>>({});

  /** The loudest of all: waveforms share a scale, so that the louder one looks louder. */
  readonly level = $derived(Math.max(0.05, ...Object.values(this.levels)));
  readonly length = $derived(Math.max(0, ...Object.values(this.tracks).map((track) => track.length)));

  #clock: AttentionClock;
  #turn = 0;
  #settling = false;
  /** Players were started and their clock is the deck's. */
  #rolling = false;
  #marks = new Map<Player, number>();
  #together = new Together((player) => this.#start(player, 0));
  #markedAt = 0;
  #moved = { to: 0, when: 0 };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(clock: AttentionClock, readonly parts: readonly Part[]) {
    this.#clock = clock;
    this.heard = parts[0] ?? "none";
    clock.beforeRead(() => this.#account());
  }

  /** A viewer's player is ready; `level` is its loudest sample, 0 where nobody knows. */
  put(part: Part, player: Player, level = 0) {
    this.stop();
    this.tracks = { ...this.tracks, [part]: player };
    this.levels = { ...this.levels, [part]: level };
    player.onlength = () => (this.tracks = { ...this.tracks });
    player.hear(this.heard === part);
    void this.#settle();
  }

  /** It is gone, or failed; what remains goes on. */
  take(part: Part, player: Player) {
    if (this.tracks[part] !== player) return;
    this.#account();
    player.onlength = null;
    this.tracks = Object.fromEntries(Object.entries(this.tracks).filter(([, one]) => one !== player));
    this.levels = { ...this.levels, [part]: 0 };
    this.#marks.delete(player);
    this.#together.forget(player);
    if (this.#players.length === 0) this.stop();
  }

  /** Another pair. */
  startPair() {
    this.stop();
    this.time = 0;
    this.trouble = "";
    this.#hear(this.parts[0] ?? "none");
    void this.#settle();
  }

  toggle() {
    if (this.playing) this.stop();
    else this.play();
  }

  play() {
    if (this.playing || this.length === 0) return;
    stopOther();
    stopOther = () => this.stop();
    this.trouble = "";
    if (this.time >= this.length - 0.05) this.time = 0;
    // The side that should be heard may not play at all.
    const [only] = this.#named;
    if (this.heard !== "none" && !this.tracks[this.heard] && only) this.#hear(only[0]);
    this.playing = true;
    for (const [part, player] of this.#named) {
      if (player.kind === "video" || this.heard === part) this.#clock.played(part);
    }
    void this.#settle();
  }

  stop() {
    if (!this.playing) return;
    this.#account();
    this.#roll(false);
    this.playing = false;
    this.time = this.#lead()?.at() ?? this.time;
    this.#players.forEach((player) => player.stop());
    void this.#settle();
  }

  seek(to: number) {
    if (this.length === 0) return;
    this.#account();
    this.#roll(false);
    this.time = Math.min(this.length, Math.max(0, to));
    this.#clock.used("seek");
    void this.#settle();
  }

  seekBy(seconds: number) {
    this.seek((this.#rolling ? (this.#lead()?.at() ?? this.time) : this.time) + seconds);
  }

  /** Hears the other side from the same place. */
  switch() {
    const [left, right] = this.parts;
    if (left === undefined || right === undefined) return;
    this.#choose(this.heard === left ? right : left, "switch");
  }

  /** The sound of the left, of the right, or none. */
  mute() {
    const order: (Part | "none")[] = [...this.parts, "none"];
    this.#choose(order[(order.indexOf(this.heard) + 1) % order.length] ?? "none", "mute");
  }

  choose(part: Part | "none") {
    if (part !== this.heard) this.#choose(part, part === "none" || this.parts.length < 2 ? "mute" : "switch");
  }

  /** What stands in a pane's head. */
  says(part: Part): string {
    const player = this.tracks[part];
    if (!player) return "";
    if (this.heard !== part || !player.sounds) return this.playing && player.kind === "audio" ? "plays unheard" : "silent";
    return `${MARKS[part]} ${this.playing ? "playing" : "sound on"}`.trim();
  }

  get #named() {
    return Object.entries(this.tracks) as [Part, Player][];
  }

  get #players(): Player[] {
    return Object.values(this.tracks);
  }

  #choose(part: Part | "none", mode: string) {
    this.#account();
    this.#hear(part);
    this.#clock.used(mode);
    const player = part === "none" ? undefined : this.tracks[part];
    if (this.playing && player?.kind === "audio" && part !== "none") this.#clock.played(part);
  }

  #hear(part: Part | "none") {
    this.heard = part;
    for (const [name, player] of this.#named) player.hear(name === part);
    this.#tellSound();
  }

  /** Brings all to `time`, again when that changed meanwhile, then starts them if they should run. */
  async #settle() {
    this.#turn += 1;
    if (this.#settling) return;
    this.#settling = true;
    this.#roll(false);
    for (let turn = -1; turn !== this.#turn; ) {
      turn = this.#turn;
      const { time } = this;
      this.#players.forEach((player) => player.stop());
      await Promise.all(this.#players.map((player) => player.seek(time)));
    }
    this.#settling = false;
    if (this.playing) this.#begin();
  }

  #begin() {
    const when = (this.#players.find((player) => player.exact)?.now() ?? 0) + LEAD_S;
    this.#players.forEach((player) => this.#start(player, when));
    this.#roll(true);
  }

  #start(player: Player, when: number) {
    player.start(when).catch((thrown: unknown) => {
      const name = thrown instanceof DOMException ? thrown.name : "";
      // A stop right after the start is no fault.
      if (name !== "AbortError") this.trouble = "The window does not start the playback.";
    });
  }

  #roll(on: boolean) {
    clearInterval(this.#timer);
    this.#together.reset();
    this.#rolling = on;
    this.#marks.clear();
    this.#tellSound();
    if (!on) return;
    this.#markedAt = performance.now();
    this.#moved = { to: this.time, when: this.#markedAt };
    this.#players.forEach((player) => this.#marks.set(player, player.at()));
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    const turn = this.#turn;
    const draw = () => {
      if (!this.#rolling || turn !== this.#turn) return;
      this.#follow();
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  /** The player that tells the time: one of the sound card's, else the one heard, else any. */
  #lead(): Player | null {
    const running = this.#players.filter((player) => !player.ended);
    const heard = this.heard === "none" ? undefined : this.tracks[this.heard];
    return running.find((player) => player.exact) ?? running.find((player) => player === heard) ?? running[0] ?? null;
  }

  #follow() {
    const lead = this.#lead();
    if (!lead) {
      this.#finish();
      return;
    }
    this.time = lead.at();
  }

  #finish() {
    this.#account();
    this.#roll(false);
    this.playing = false;
    this.time = this.length;
    this.#players.forEach((player) => player.stop());
  }

  #check() {
    this.#follow();
    if (!this.#rolling) return;
    this.#account();
    const now = performance.now();
    if (Math.abs(this.time - this.#moved.to) > 0.001) this.#moved = { to: this.time, when: now };
    else if (now - this.#moved.when > STUCK_MS) {
      this.trouble = "Nothing moves: is there a sound device? What was drawn is still here.";
      this.#clock.fellBack(this.trouble);
      this.stop();
      return;
    }
    const lead = this.#lead();
    if (lead) this.#together.align(this.#players, lead);
  }

  /** Writes down what was heard since the last time. */
  #account() {
    if (!this.#rolling) return;
    const now = performance.now();
    const gone = now - this.#markedAt;
    this.#markedAt = now;
    for (const [part, player] of this.#named) {
      const from = this.#marks.get(player) ?? player.at();
      const to = player.at();
      this.#marks.set(player, to);
      // A jump was put right, not heard.
      const jumped = to <= from || (to - from) * 1000 > gone + 300;
      if (part === this.heard && player.sounds && !jumped) this.#clock.heard(part, from * 1000, to * 1000);
    }
  }

  #tellSound() {
    for (const part of this.parts) {
      this.#clock.sound(part, this.#rolling && (this.tracks[part]?.kind === "video" || this.heard === part));
    }
  }
}
