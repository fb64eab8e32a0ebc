// A plot as a list of marks. The screen draws them in its own colours; saved, they become a drawing
// that stands alone, in dark ink on white.

export type Tone = "text" | "muted" | "line" | "one" | "two" | "three";
export type Shape = "circle" | "square" | "diamond";

export type Mark =
  | { readonly kind: "path"; readonly d: string; readonly tone: Tone; readonly width: number; readonly dash?: string }
  | { readonly kind: "area"; readonly d: string; readonly tone: Tone }
  | { readonly kind: "dot"; readonly d: string; readonly tone: Tone; readonly says: string }
  | {
      readonly kind: "words";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly tone: Tone;
      readonly anchor: "start" | "middle" | "end";
      /** The text in full, where only its beginning fits. */
      readonly full?: string;
    };

export interface Plot {
  readonly id: string;
  readonly title: string;
  /** What the drawing shows, for whoever cannot see it. */
  readonly says: string;
  readonly caption: string;
  readonly command: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

export const FONT_SIZE = 12;

const round = (n: number) => Math.round(n * 100) / 100;

export function line(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
}

/** The area between two lines of as many points. */
export function between(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string {
  return `${line([...upper, ...[...lower].reverse()])}Z`;
}

export function shape(kind: Shape, x: number, y: number, r = 3.6): string {
  const [a, b] = [round(x), round(y)];
  if (kind === "circle") return `M${round(x - r)} ${b}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  if (kind === "square") {
    const s = round(r * 0.92);
    return `M${round(x - s)} ${round(y - s)}h${2 * s}v${2 * s}h${-2 * s}Z`;
  }
  const s = round(r * 1.25);
  return `M${a} ${round(y - s)}l${s} ${s}l${-s} ${s}l${-s} ${-s}Z`;
}

const PAPER: Readonly<Record<Tone, string>> = {
  ...{ text: "#1b1c1e", muted: "#54575d", line: "#c4c4c0" },
  ...{ one: "#9a5b00", two: "#14489c", three: "#2d5f16" },
};

function escaped(text: string): string {
  return text
    // Letters that XML cannot hold at all would spoil the whole file.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function drawn(mark: Mark): string {
  const ink = PAPER[mark.tone];
  switch (mark.kind) {
    case "path":
      return `<path d="${mark.d}" fill="none" stroke="${ink}" stroke-width="${mark.width}" stroke-linejoin="round"${mark.dash ? ` stroke-dasharray="${mark.dash}"` : ""}/>`;
    case "area":
      return `<path d="${mark.d}" fill="${ink}" fill-opacity="0.14"/>`;
    case "dot":
      return `<path d="${mark.d}" fill="${ink}"/>`;
    case "words":
      return `<text x="${mark.x}" y="${mark.y}" fill="${ink}" text-anchor="${mark.anchor}">${escaped(mark.text)}</text>`;
  }
}

/** The plot as a file: an SVG that says what it shows and how to make it again. */
export function svg(plot: Plot): string {
  const { width, height } = plot;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Noto Sans, sans-serif" font-size="${FONT_SIZE}">`,
    `<title>${escaped(plot.title)}</title>`,
    `<desc>${escaped(`${plot.caption} Made by: ${plot.command}`)}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...plot.marks.map(drawn),
    "</svg>",
    "",
  ].join("\n");
}
