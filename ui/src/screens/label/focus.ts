// Where the focus is, as far as keys care.

import type { Focus } from "../../keys";

/** A verdict counts as the page: Enter on it commits, as it does elsewhere. */
export function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element)) return "page";
  if (target.closest("input, textarea, select")) return "field";
  if (target.closest("[data-verdict]")) return "page";
  return target.closest("button, a, summary") ? "control" : "page";
}

/** The prompt, wide code and wide tables scroll by the arrows while they have the focus. */
export function scrollsItself({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || !/^(Arrow|Page|Home|End)/.test(code)) return false;
  if (target.closest(".wide")) return code === "ArrowLeft" || code === "ArrowRight";
  return target.closest("#prompt.unfolded") !== null && !/Left|Right/.test(code);
}

/** Takes the focus away from whatever has it. */
export function letGo() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
