// Stretches of a medium that were heard, merged, so that what is heard twice counts once.

/** From and to, in milliseconds of the medium. */
export type Stretch = readonly [from: number, to: number];

/** Stretches with one more, in order and apart. Those that touch become one. */
export function merged(stretches: readonly Stretch[], [from, to]: Stretch): Stretch[] {
  if (!(to > from)) return [...stretches];
  const before = stretches.filter((one) => one[1] < from);
  const after = stretches.filter((one) => one[0] > to);
  const met = stretches.filter((one) => one[1] >= from && one[0] <= to);
  const start = Math.min(from, ...met.map((one) => one[0]));
  const end = Math.max(to, ...met.map((one) => one[1]));
  return [...before, [start, end], ...after];
}

/** How much they cover. */
export function covered(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, [from, to]) => sum + (to - from), 0);
}
