// From a key press to what it means. Pure: the table comes from Rust, the moment and the state of
// the screen are passed in.

import type { Action } from "./bindings/Action";
import type { Binding } from "./bindings/Binding";
import type { Scope } from "./bindings/Scope";

/** How long a new question is safe from a key meant for the last one. */
export const SETTLE_MS = 250;

/** What of a `KeyboardEvent` matters. */
export interface Press {
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Where the focus is: `control` is a button or a like thing that takes Enter and Space itself. */
export type Focus = "field" | "control" | "page";

/** How the screen stands. */
export interface Standing {
  readonly bindings: readonly Binding[];
  readonly scopes: readonly Scope[];
  readonly focus: Focus;
  readonly now: number;
  /** Since when both sides are ready, or null while one is not. */
  readonly readySince: number | null;
  readonly paused: boolean;
  /** A command is under way. */
  readonly busy: boolean;
}

export type Meaning =
  | { readonly kind: "nothing" }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "leave-field" }
  | { readonly kind: "commit-from-field" }
  | { readonly kind: "scroll"; readonly by: ScrollStep };

export type ScrollStep = "top" | "bottom" | "page-up" | "page-down" | "line-up" | "line-down";

const NOTHING: Meaning = { kind: "nothing" };

const SCROLLS: Readonly<Record<string, ScrollStep>> = {
  Home: "top",
  End: "bottom",
  PageUp: "page-up",
  PageDown: "page-down",
  ArrowUp: "line-up",
  ArrowDown: "line-down",
};

/** Whether the press belongs to an input method. */
export function composing(press: Press): boolean {
  return press.isComposing || press.keyCode === 229;
}

/** What a press means on the label screen. */
export function meaning(press: Press, standing: Standing): Meaning {
  if (composing(press)) return NOTHING;
  if (standing.focus === "field") return inField(press, standing);
  if (press.ctrlKey || press.altKey || press.metaKey) return NOTHING;
  if (standing.focus === "control" && (press.code === "Enter" || press.code === "Space")) {
    return NOTHING;
  }
  const action = lookUp(press, standing.bindings, standing.scopes);
  if (action === null) return scroll(press, standing);
  if (press.repeat) return NOTHING;
  if (standing.paused) return action === "pause" ? { kind: "action", action } : NOTHING;
  if (!accepting(standing)) return NOTHING;
  return { kind: "action", action };
}

/** Whether the screen takes a key or a click that means something. */
export function accepting(standing: Pick<Standing, "now" | "readySince" | "busy" | "paused">): boolean {
  if (standing.busy || standing.paused || standing.readySince === null) return false;
  return standing.now - standing.readySince >= SETTLE_MS;
}

function inField(press: Press, standing: Standing): Meaning {
  if (press.repeat || press.altKey || press.metaKey || press.shiftKey) return NOTHING;
  if (press.code === "Escape" && !press.ctrlKey) return { kind: "leave-field" };
  const enter = press.code === "Enter" || press.code === "NumpadEnter";
  if (enter && press.ctrlKey && accepting(standing)) return { kind: "commit-from-field" };
  return NOTHING;
}

function lookUp(press: Press, bindings: readonly Binding[], scopes: readonly Scope[]): Action | null {
  const hit = bindings.find(
    (b) => b.key === press.code && b.shift === press.shiftKey && scopes.includes(b.scope),
  );
  return hit?.action ?? null;
}

function scroll(press: Press, standing: Standing): Meaning {
  const by = SCROLLS[press.code];
  if (by === undefined || press.shiftKey || standing.paused) return NOTHING;
  return { kind: "scroll", by };
}

const NAMES: Readonly<Record<string, string>> = {
  ...{ Enter: "↵", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Space: "Space" },
  ...{ Equal: "=", Minus: "−", Comma: ",", Period: ".", Semicolon: ";", Quote: "'", Slash: "/" },
  ...{ Backslash: "\\", Backquote: "`", BracketLeft: "[", BracketRight: "]", Backspace: "⌫" },
};

/** A key's short name, as on a keyboard with Latin letters; `?` for Shift and slash. */
export function keyName(key: string | null, shift: boolean): string {
  if (key === null) return "off";
  if (key === "Slash" && shift) return "?";
  const bare = NAMES[key] ?? key.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
  return shift ? `⇧${bare}` : bare;
}

/** The name of the key that an action is on, or null where it is switched off. */
export function keyOf(bindings: readonly Binding[], action: Action): string | null {
  const binding = bindings.find((b) => b.action === action);
  return binding?.key ? keyName(binding.key, binding.shift) : null;
}

/** Codes that can't be an action's key: modifiers, and the two that every dialog needs. */
export function bindable(code: string): boolean {
  return code !== "" && !/^(Escape|Tab|Unidentified|Shift|Control|Alt|Meta|CapsLock|OS)/.test(code);
}
