// Keeps the players of a deck with the one that tells the time.

import { Follower } from "./drift";
import type { Player } from "./player";

export class Together {
  #start: (player: Player) => void;
  #followers = new Map<Player, Follower>();
  /** Those that wait for the clock. */
  #waiting = new Map<Player, ReturnType<typeof setTimeout>>();

  /** `start` lets a player go on that has waited. */
  constructor(start: (player: Player) => void) {
    this.#start = start;
  }

  align(players: readonly Player[], lead: Player) {
    for (const player of players) {
      if (player === lead || player.exact || player.ended || this.#waiting.has(player)) continue;
      const follower = this.#followers.get(player) ?? new Follower();
      this.#followers.set(player, follower);
      const next = follower.next(player.at(), lead.at(), performance.now() / 1000);
      if (next.kind === "wait") this.#hold(player, next.seconds);
      else if (next.kind === "seek") void player.seek(next.to);
    }
  }

  /** All were stopped or started anew: nobody waits any more. */
  reset() {
    this.#waiting.forEach((timer) => clearTimeout(timer));
    this.#waiting.clear();
  }

  forget(player: Player) {
    this.#followers.delete(player);
    clearTimeout(this.#waiting.get(player));
    this.#waiting.delete(player);
  }

  #hold(player: Player, seconds: number) {
    player.stop();
    const over = setTimeout(() => {
      this.#waiting.delete(player);
      this.#start(player);
    }, seconds * 1000);
    this.#waiting.set(player, over);
  }
}
