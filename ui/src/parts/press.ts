// Pointer presses that leave the focus where it is, so that Enter goes on meaning "commit".

/** For `onmousedown` of buttons that have a key of their own. */
export function keepFocus(event: MouseEvent) {
  event.preventDefault();
}
