// Zoom and pan of two pictures as one. Places are fractions of a picture, zoom is relative to the
// size at which it fits its pane, so that pictures of different sizes show the same part.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What both panes show. `one` is a picture pixel to a screen pixel, each picture for itself. */
export interface View {
  readonly mode: "fit" | "one" | "free";
  /** Times the fitting size; counts in mode `free`. */
  readonly zoom: number;
  /** What stands in the middle of the pane. */
  readonly centre: Point;
}

/** A picture in its pane, in CSS pixels. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: View = { mode: "fit", zoom: 1, centre: { x: 0.5, y: 0.5 } };

/** 800 %. */
const LARGEST = 8;
/** From here on pixels are shown as squares. */
export const SQUARES_FROM = 4;
const STEP = 1.25;
const PAN = 0.1;

/** The scale at which a picture fits its pane. */
export function fitScale(picture: Size, pane: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.min(pane.width / picture.width, pane.height / picture.height, LARGEST);
}

/** The scale of a picture under a view. `ratio` is screen pixels per CSS pixel. */
export function scaleOf(view: View, picture: Size, pane: Size, ratio = 1): number {
  if (view.mode === "one") return 1 / ratio;
  const fit = fitScale(picture, pane);
  return view.mode === "fit" ? fit : fit * view.zoom;
}

/** Where a picture stands: never with its edge inside the pane while it is larger than the pane. */
export function place(view: View, picture: Size, pane: Size, ratio = 1): Placement {
  const scale = scaleOf(view, picture, pane, ratio);
  const along = (fraction: number, length: number, room: number) => {
    const shown = length * scale;
    if (shown <= room) return (room - shown) / 2;
    return Math.min(0, Math.max(room - shown, room / 2 - fraction * shown));
  };
  return {
    scale,
    x: along(view.centre.x, picture.width, pane.width),
    y: along(view.centre.y, picture.height, pane.height),
  };
}

/** The view one step nearer (`steps` > 0) or further, with what is under `at` kept in place. */
export function zoomBy(
  view: View,
  steps: number,
  picture: Size,
  pane: Size,
  at: Point = { x: pane.width / 2, y: pane.height / 2 },
  ratio = 1,
): View {
  const fit = fitScale(picture, pane);
  const before = place(view, picture, pane, ratio);
  const wanted = before.scale * STEP ** steps;
  const scale = Math.min(LARGEST, Math.max(wanted, Math.min(fit, 1 / ratio)));
  const under = {
    x: (at.x - before.x) / (picture.width * before.scale),
    y: (at.y - before.y) / (picture.height * before.scale),
  };
  const centre = {
    x: under.x + (pane.width / 2 - at.x) / (picture.width * scale),
    y: under.y + (pane.height / 2 - at.y) / (picture.height * scale),
  };
  if (Math.abs(scale - fit) < fit * 1e-6) return FIT;
  return { mode: "free", zoom: scale / fit, centre: inside(centre, scale, picture, pane) };
}

/** The view moved by CSS pixels: the picture follows the pointer. */
export function panBy(view: View, dx: number, dy: number, picture: Size, pane: Size, ratio = 1): View {
  const scale = scaleOf(view, picture, pane, ratio);
  const centre = {
    x: view.centre.x - dx / (picture.width * scale),
    y: view.centre.y - dy / (picture.height * scale),
  };
  return { ...view, centre: inside(centre, scale, picture, pane) };
}

/** The view moved by a tenth of the pane. */
export function panStep(view: View, right: number, down: number, picture: Size, pane: Size, ratio = 1): View {
  return panBy(view, -right * PAN * pane.width, -down * PAN * pane.height, picture, pane, ratio);
}

/** A view in words that give no picture's size away. */
export function viewName(view: View): string {
  if (view.mode === "fit") return "fit";
  if (view.mode === "one") return "1:1";
  return `× ${view.zoom.toFixed(view.zoom < 10 ? 1 : 0)}`;
}

function inside(centre: Point, scale: number, picture: Size, pane: Size): Point {
  const along = (fraction: number, length: number, room: number) => {
    const half = room / 2 / (length * scale);
    return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, fraction));
  };
  return {
    x: along(centre.x, picture.width, pane.width),
    y: along(centre.y, picture.height, pane.height),
  };
}
