// Times of media in words, and where a pointer on a time line stands.

/** Seconds as `m:ss.mmm`, hours before that where there are any. Cut off, not rounded: a playhead
    is never said to be where it hasn't been. */
export function clockText(seconds: number): string {
  const ms = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds * 1000 + 1e-6)) : 0;
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const rest = `${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Seconds as a screen reader says them. */
export function spokenTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** The time under a pointer on a line that starts at `left` and is `width` long. */
export function timeAt(x: number, left: number, width: number, length: number): number {
  if (!(width > 0) || !(length > 0)) return 0;
  return Math.min(1, Math.max(0, (x - left) / width)) * length;
}
