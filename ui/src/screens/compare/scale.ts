// From numbers to places on a drawing.

/** A straight line from the numbers to the places. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  at(value: number): number;
}

export function scale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const width = to - from || 1;
  return { from, to, at: (value) => range[0] + ((value - from) / width) * (range[1] - range[0]) };
}

/** Round numbers from at most `low` to at least `high`: 1, 2 or 5 times a power of ten apart. */
export function ticks(low: number, high: number, about = 5): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= about) ?? 10 * power;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toFixed(places)));
}
