import { expect, it } from "vitest";

import { folderName } from "../screens/start/folder";
import { counted, grouped, taskName, TASKS } from "./task";

it("tasks have names in words; a project's own stays as it is", () => {
  expect(TASKS.map(taskName)).toContain("text + image → text");
  expect(TASKS.map(taskName)).toContain("text → 3D");
  expect(taskName("my_own_task")).toBe("my_own_task");
  expect(taskName("a_to_b_to_c")).toBe("a_to_b_to_c");
});

it("counts are grouped", () => {
  expect(grouped(1234567)).toBe("1\u202f234\u202f567");
  expect(counted(1, "pair")).toBe("1 pair");
  expect(counted(0, "pair")).toBe("0 pairs");
});

it("a folder's name is safe and not empty", () => {
  expect(folderName("My bench / 2")).toBe("My-bench-2");
  expect(folderName("../..")).toBe("project");
  expect(folderName("مشروع")).toBe("مشروع");
});
