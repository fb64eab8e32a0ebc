import { describe, expect, it } from "vitest";

import type { Binding } from "./bindings/Binding";
import { accepting, bindable, keyName, keyOf, meaning, SETTLE_MS, type Press, type Standing } from "./keys";

const bindings: Binding[] = [
  { action: "left", scope: "label", key: "Digit1", shift: false, says: "Left is better" },
  { action: "commit", scope: "label", key: "Enter", shift: false, says: "Commit and next" },
  { action: "keys", scope: "label", key: "Slash", shift: true, says: "All keys" },
  { action: "pause", scope: "label", key: "KeyP", shift: false, says: "Pause" },
  { action: "back", scope: "label", key: "ArrowLeft", shift: false, says: "Back" },
  { action: "diff", scope: "text", key: "KeyD", shift: false, says: "Difference" },
  { action: "pan_up", scope: "image", key: "ArrowUp", shift: true, says: "Pan" },
  { action: "undo", scope: "label", key: null, shift: false, says: "Undo" },
];

function press(code: string, more: Partial<Press> = {}): Press {
  const bare = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  return { code, ...bare, repeat: false, isComposing: false, keyCode: 0, ...more };
}

function standing(more: Partial<Standing> = {}): Standing {
  return {
    ...{ bindings, scopes: ["label"], focus: "page", now: 1000, readySince: 0 },
    ...{ paused: false, busy: false },
    ...more,
  };
}

const NOTHING = { kind: "nothing" };
const does = (action: string) => ({ kind: "action", action });

describe("a key", () => {
  it("goes by its place and Shift", () => {
    expect(meaning(press("Digit1"), standing())).toEqual(does("left"));
    expect(meaning(press("Digit1", { shiftKey: true }), standing())).toEqual(NOTHING);
    expect(meaning(press("Slash"), standing())).toEqual(NOTHING);
    expect(meaning(press("Slash", { shiftKey: true }), standing())).toEqual(does("keys"));
  });

  it("does nothing on repeat, in composition, or with a modifier", () => {
    expect(meaning(press("Digit1", { repeat: true }), standing())).toEqual(NOTHING);
    expect(meaning(press("Digit1", { isComposing: true }), standing())).toEqual(NOTHING);
    expect(meaning(press("Digit1", { keyCode: 229 }), standing())).toEqual(NOTHING);
    for (const held of ["ctrlKey", "altKey", "metaKey"]) {
      expect(meaning(press("Digit1", { [held]: true }), standing())).toEqual(NOTHING);
    }
  });

  it("does nothing before both sides are ready and for 250 ms after", () => {
    expect(meaning(press("Digit1"), standing({ readySince: null }))).toEqual(NOTHING);
    expect(meaning(press("Enter"), standing({ readySince: 1000 - SETTLE_MS + 1 }))).toEqual(NOTHING);
    expect(meaning(press("Enter"), standing({ readySince: 1000 - SETTLE_MS }))).toEqual(does("commit"));
  });

  it("does nothing while a command is under way", () => {
    expect(meaning(press("Enter"), standing({ busy: true }))).toEqual(NOTHING);
    expect(accepting({ now: 1000, readySince: 0, busy: true, paused: false })).toBe(false);
  });

  it("only ends a pause while paused", () => {
    expect(meaning(press("Digit1"), standing({ paused: true }))).toEqual(NOTHING);
    expect(meaning(press("KeyP"), standing({ paused: true }))).toEqual(does("pause"));
  });

  it("counts in the scopes on the screen alone", () => {
    expect(meaning(press("KeyD"), standing())).toEqual(NOTHING);
    expect(meaning(press("KeyD"), standing({ scopes: ["label", "text"] }))).toEqual(does("diff"));
  });

  it("leaves Enter and Space to a button that has the focus", () => {
    expect(meaning(press("Enter"), standing({ focus: "control" }))).toEqual(NOTHING);
    expect(meaning(press("Digit1"), standing({ focus: "control" }))).toEqual(does("left"));
  });

  it("scrolls where no action has it, also on repeat", () => {
    const scroll = { kind: "scroll", by: "line-down" };
    expect(meaning(press("ArrowDown"), standing())).toEqual(scroll);
    expect(meaning(press("ArrowDown", { repeat: true }), standing())).toEqual(scroll);
    expect(meaning(press("ArrowDown"), standing({ readySince: null }))).toEqual(scroll);
    expect(meaning(press("ArrowUp", { shiftKey: true }), standing({ scopes: ["label", "image"] }))).toEqual(does("pan_up"));
    expect(meaning(press("ArrowUp", { shiftKey: true }), standing())).toEqual(NOTHING);
  });

  it("never means an action that is switched off", () => {
    expect(keyOf(bindings, "undo")).toBeNull();
    expect(meaning(press("KeyU"), standing())).toEqual(NOTHING);
  });
});

describe("in a text field", () => {
  const field = standing({ focus: "field" });

  it("only Escape and Ctrl+Enter act", () => {
    expect(meaning(press("Digit1"), field)).toEqual(NOTHING);
    expect(meaning(press("Enter"), field)).toEqual(NOTHING);
    expect(meaning(press("ArrowDown"), field)).toEqual(NOTHING);
    expect(meaning(press("Escape"), field)).toEqual({ kind: "leave-field" });
    expect(meaning(press("Enter", { ctrlKey: true }), field)).toEqual({ kind: "commit-from-field" });
  });

  it("Ctrl+Enter obeys the same rules as Enter", () => {
    const ctrl = press("Enter", { ctrlKey: true });
    expect(meaning(ctrl, { ...field, busy: true })).toEqual(NOTHING);
    expect(meaning(ctrl, { ...field, readySince: null })).toEqual(NOTHING);
    expect(meaning({ ...ctrl, repeat: true }, field)).toEqual(NOTHING);
    expect(meaning({ ...ctrl, isComposing: true }, field)).toEqual(NOTHING);
  });

  it("Escape during composition belongs to the input method", () => {
    expect(meaning(press("Escape", { isComposing: true }), field)).toEqual(NOTHING);
  });
});

it("keys have short names", () => {
  expect(keyName("Digit1", false)).toBe("1");
  expect(keyName("KeyK", true)).toBe("⇧K");
  expect(keyName("Slash", true)).toBe("?");
  expect(keyName(null, false)).toBe("off");
});

it("modifiers, Escape and Tab can't be bound", () => {
  for (const code of ["", "Escape", "Tab", "ShiftLeft", "ControlRight", "AltLeft", "MetaLeft", "CapsLock"]) {
    expect(bindable(code), code).toBe(false);
  }
  expect(bindable("KeyA")).toBe(true);
});
