// Keys that go through a list.

const PAGE = 8;

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (now) => now + 1,
  ArrowUp: (now) => now - 1,
  PageDown: (now) => now + PAGE,
  PageUp: (now) => now - PAGE,
  Home: () => 0,
  End: (_, last) => last,
};

/** Where a key leads in a list of so many; null where it is no key of a list. */
export function moved(key: string, at: number, count: number): number | null {
  const move = MOVES[key];
  return move ? Math.max(0, Math.min(count - 1, move(at, count - 1))) : null;
}
