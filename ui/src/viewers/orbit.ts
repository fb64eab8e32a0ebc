// The orbit that both models of a pair share: how a drag, the wheel and the keys move the camera.
// Pure. The model fills a ball of radius 1; Rust stands the camera from these numbers.

export interface Orbit {
  /** Radians around the upright axis, and above the horizon. */
  readonly yaw: number;
  readonly pitch: number;
  /** 1 shows the whole model. */
  readonly zoom: number;
  /** How far the camera moved to its right and up, in radii of the ball. */
  readonly panX: number;
  readonly panY: number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** From the front, a little from the right and above: where each pair starts. */
export const START: Orbit = { yaw: 0.55, pitch: 0.3, zoom: 1, panX: 0, panY: 0 };

/** Half a turn for a drag across the shorter side of the pane. */
const TURN = Math.PI;
/** A key turns by a twelfth of a half turn. */
const STEP = Math.PI / 12;
const STEEPEST = 1.5;
const ZOOM = 1.2;
const NEAREST = 20;
const FARTHEST = 0.25;
const FARTHEST_PAN = 3;
/** Half of what the shorter side shows at zoom 1, in radii: 1.06 / cos(18°). */
const HALF = 1.06 / Math.cos(Math.PI / 10);

/** Turned by a drag of so many CSS pixels: the model follows the pointer. */
export function turnBy(orbit: Orbit, dx: number, dy: number, pane: Pixels): Orbit {
  const full = TURN / shorter(pane);
  return turned(orbit, -dx * full, dy * full);
}

/** Turned by a key: the camera goes around to the right, and up. */
export function turnStep(orbit: Orbit, right: number, up: number): Orbit {
  return turned(orbit, right * STEP, up * STEP);
}

/** One step nearer (`steps` > 0) or further, towards the same point. */
export function zoomStep(orbit: Orbit, steps: number): Orbit {
  return { ...orbit, zoom: between(orbit.zoom * ZOOM ** steps, FARTHEST, NEAREST) };
}

/** Moved by a drag of so many CSS pixels: the model stays under the pointer. */
export function slideBy(orbit: Orbit, dx: number, dy: number, pane: Pixels): Orbit {
  const radii = (2 * HALF) / orbit.zoom / shorter(pane);
  return {
    ...orbit,
    panX: between(orbit.panX - dx * radii, -FARTHEST_PAN, FARTHEST_PAN),
    panY: between(orbit.panY + dy * radii, -FARTHEST_PAN, FARTHEST_PAN),
  };
}

/** Pixels of a frame for a pane: a half each way while the model is moved. */
export function frameSize(pane: Pixels, ratio: number, moving: boolean): Pixels {
  const scale = Math.min(ratio, 1.5) * (moving ? 0.5 : 1);
  const along = (length: number) => between(Math.round(length * scale), 1, 2048);
  return { width: along(pane.width), height: along(pane.height) };
}

/** An orbit in words. */
export function orbitName(orbit: Orbit): string {
  if (orbit === START) return "from the front";
  const turn = ((Math.round((orbit.yaw - START.yaw) * (180 / Math.PI)) % 360) + 360) % 360;
  const near = orbit.zoom === 1 ? "" : ` · × ${orbit.zoom.toFixed(1)}`;
  return `turned ${turn}°${near}`;
}

function turned(orbit: Orbit, yaw: number, pitch: number): Orbit {
  return { ...orbit, yaw: orbit.yaw + yaw, pitch: between(orbit.pitch + pitch, -STEEPEST, STEEPEST) };
}

function shorter(pane: Pixels): number {
  return Math.max(1, Math.min(pane.width, pane.height));
}

function between(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
