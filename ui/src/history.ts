// Stepping through what one did. Place 0 is the present; 1 is the newest entry, then older ones.

/** The place one step older, or the same where there is none. */
export function older(place: number, entries: number): number {
  return Math.min(place + 1, entries);
}

/** The place one step newer. */
export function newer(place: number): number {
  return Math.max(place - 1, 0);
}

/** The entries that can be stepped to: one an assignment, without the one on the screen. */
export function steps<E extends { readonly assignment: string }>(
  entries: readonly E[],
  present: string | null,
): E[] {
  const met = new Set(present === null ? [] : [present]);
  return entries.filter((entry) => {
    if (met.has(entry.assignment)) return false;
    met.add(entry.assignment);
    return true;
  });
}
