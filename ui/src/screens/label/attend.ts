// Wires a window to the attention clock: what hides it, who touches it, what is in view.

import type { AttentionClock, Part } from "../../attention";

const TOUCHES = ["pointermove", "pointerdown", "keydown", "wheel", "scroll"] as const;

/** Listens until the returned function is called. */
export function attend(clock: AttentionClock): () => void {
  const touch = () => clock.touch();
  const hidden = () => clock.stop("hidden", document.hidden);
  const blurred = () => clock.stop("blurred", true);
  const focused = () => clock.stop("blurred", false);
  hidden();
  // A window that never had the focus (a test under a bare X server) counts once it is touched.
  clock.stop("blurred", !document.hasFocus());
  for (const name of TOUCHES) {
    addEventListener(name, touch, { passive: true, capture: true });
  }
  const first = () => clock.stop("blurred", false);
  addEventListener("keydown", first, true);
  addEventListener("pointerdown", first, true);
  document.addEventListener("visibilitychange", hidden);
  addEventListener("blur", blurred);
  addEventListener("focus", focused);
  return () => {
    for (const name of TOUCHES) removeEventListener(name, touch, { capture: true });
    removeEventListener("keydown", first, true);
    removeEventListener("pointerdown", first, true);
    document.removeEventListener("visibilitychange", hidden);
    removeEventListener("blur", blurred);
    removeEventListener("focus", focused);
  };
}

/** Watches an element: a part counts as seen while half of it, or half of the window, shows it. */
export function watch(clock: AttentionClock, part: Part) {
  return (element: HTMLElement): (() => void) => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (!entry) return;
        const room = entry.rootBounds?.height ?? innerHeight;
        const enough =
          entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= room / 2;
        clock.show(part, entry.isIntersecting && enough);
      },
      { threshold: [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 1] },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      clock.show(part, false);
    };
  };
}
