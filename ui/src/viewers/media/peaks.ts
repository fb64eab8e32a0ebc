// The outline of a sound: the least and the greatest sample of each stretch, over all channels.

export interface Peaks {
  readonly least: Float32Array;
  readonly most: Float32Array;
  /** Seconds. */
  readonly length: number;
}

/** Enough for a line on the widest screen; what is drawn is taken from these. */
const MOST_STRETCHES = 8192;

/** Finds them once for a decoded sound. */
export function findPeaks(channels: readonly Float32Array[], rate: number, most = MOST_STRETCHES): Peaks {
  const frames = channels[0]?.length ?? 0;
  const count = Math.min(most, frames);
  const least = new Float32Array(count).fill(Infinity);
  const greatest = new Float32Array(count).fill(-Infinity);
  for (const channel of channels) {
    for (let n = 0; n < count; n += 1) {
      const end = Math.floor(((n + 1) * frames) / count);
      let low = least[n] ?? Infinity;
      let high = greatest[n] ?? -Infinity;
      for (let i = Math.floor((n * frames) / count); i < end; i += 1) {
        const sample = channel[i] ?? 0;
        if (sample < low) low = sample;
        if (sample > high) high = sample;
      }
      least[n] = low;
      greatest[n] = high;
    }
  }
  return { least, most: greatest, length: rate > 0 ? frames / rate : 0 };
}

/** The peaks of each of `columns` that together last `span` seconds; null behind the sound's end. */
export function columnsOf(peaks: Peaks, columns: number, span: number): ([number, number] | null)[] {
  const count = peaks.least.length;
  const perColumn = columns > 0 && peaks.length > 0 ? ((span / columns) * count) / peaks.length : 0;
  return Array.from({ length: Math.max(0, columns) }, (_, column) => {
    const from = Math.floor(column * perColumn);
    if (count === 0 || perColumn <= 0 || from >= count) return null;
    const to = Math.min(count, Math.max(from + 1, Math.ceil((column + 1) * perColumn)));
    let low = Infinity;
    let high = -Infinity;
    for (let n = from; n < to; n += 1) {
      low = Math.min(low, peaks.least[n] ?? 0);
      high = Math.max(high, peaks.most[n] ?? 0);
    }
    return [low, high];
  });
}

/** The greatest deviation from silence. */
export function loudest(peaks: Peaks): number {
  let most = 0;
  for (let n = 0; n < peaks.least.length; n += 1) {
    most = Math.max(most, Math.abs(peaks.least[n] ?? 0), Math.abs(peaks.most[n] ?? 0));
  }
  return most;
}
