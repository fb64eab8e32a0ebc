// Long texts in pieces, so that the page lays out only those in view.

const SIZE = 8000;

/** Above this many characters a text is shown as written. */
export const PARSE_UP_TO = 120_000;

/** Pieces of at most `size` characters, cut after a line break or a space where there is one. */
export function chunks(text: string, size = SIZE): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > size) {
    const to = cut(text, from, from + size);
    pieces.push(text.slice(from, to));
    from = to;
  }
  if (from < text.length || pieces.length === 0) pieces.push(text.slice(from));
  return pieces;
}

function cut(text: string, from: number, to: number): number {
  const half = from + (to - from) / 2;
  for (const mark of ["\n", " "]) {
    const at = text.lastIndexOf(mark, to - 1);
    if (at >= half) return at + 1;
  }
  // Never between the halves of a surrogate pair.
  const code = text.charCodeAt(to);
  return code >= 0xdc00 && code <= 0xdfff ? to - 1 : to;
}
