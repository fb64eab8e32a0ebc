import { beforeEach, expect, it } from "vitest";

import type { ModelsBackend } from "../../backend";
import type { ModelInfo } from "../../bindings/ModelInfo";
import type { PredictProgress } from "../../bindings/PredictProgress";
import type { PredictRequest } from "../../bindings/PredictRequest";
import { lasting, ModelsFlow } from "./flow.svelte";

const model = (name: string, change: Partial<ModelInfo> = {}): ModelInfo => ({
  ...{ name, family: "process", about: "", file: `${name}.toml`, hash: "0".repeat(64) },
  ...{ tasks: null, memory_mb: null, sees_order: true, problem: null, ...change },
});

/** Models in memory; a run ends when it is told to. */
class Fake {
  asked: PredictRequest[] = [];
  folders: (string | null)[] = [];
  cancelled = 0;
  told: (progress: PredictProgress) => void = () => undefined;
  end: (report: unknown) => void = () => undefined;
  refuse: (why: unknown) => void = () => undefined;

  backend(): ModelsBackend {
    return {
      list: (folder: string | null) => {
        this.folders.push(folder);
        const surface = model("surface", { family: "surface", file: null, sees_order: false });
        return Promise.resolve({ folder: "/f", models: [surface, model("good"), model("bad", { problem: "no" })] });
      },
      run: (request: PredictRequest, told: (progress: PredictProgress) => void) => {
        this.asked.push(request);
        this.told = told;
        return new Promise((resolve, reject) => {
          this.end = resolve;
          this.refuse = reject;
        });
      },
      cancel: () => {
        this.cancelled += 1;
        return Promise.resolve(null);
      },
    } as unknown as ModelsBackend;
  }
}

let fake: Fake;
let flow: ModelsFlow;

beforeEach(async () => {
  fake = new Fake();
  flow = new ModelsFlow(fake.backend());
  await flow.list();
});

it("asks what is chosen, and a model that sees no order once", async () => {
  flow.order = "both";
  void flow.run();
  expect(fake.asked).toEqual([{ model: "surface", setting: "with_tie", order: "12" }]);
  fake.end({ added: 1 });
  await Promise.resolve();
  flow.running = false;
  flow.choose(flow.found?.models[1] as ModelInfo);
  flow.folder = " /models ";
  flow.count = "20";
  flow.setting = "without_tie";
  void flow.run();
  expect(fake.asked[1]).toEqual({ model: "good", setting: "without_tie", order: "both", folder: "/models", limit: 20 });
});

it("a model that is no good cannot be chosen, and nonsense is no number", async () => {
  flow.choose(flow.found?.models[2] as ModelInfo);
  expect(flow.model).toBe("surface");
  for (const count of ["0", "-3", "1.5", "ten", "1e9"]) {
    flow.count = count;
    expect([count, flow.ready]).toEqual([count, false]);
    expect(await flow.run()).toBe(false);
  }
  flow.count = "";
  expect(flow.ready).toBe(true);
  expect(fake.asked).toEqual([]);
});

it("a run tells how far it is, takes one at a time, and can be stopped", async () => {
  const done = flow.run();
  expect(await flow.run()).toBe(false);
  fake.told({ stage: "asking", done: 3, total: 9, failed: 1, left_ms: 9000 });
  expect(flow.progress?.left_ms).toBe(9000);
  flow.cancel();
  expect([fake.cancelled, flow.cancelling]).toEqual([1, true]);
  fake.end({ cancelled: true });
  expect(await done).toBe(true);
  expect([flow.running, flow.report?.cancelled]).toEqual([false, true]);
});

it("a refusal is told and leaves the form as it was", async () => {
  flow.count = "7";
  const done = flow.run();
  fake.refuse({ code: "too_few_labels", message: "too few" });
  expect(await done).toBe(false);
  expect([flow.stopped?.message, flow.running, flow.count]).toEqual(["too few", false, "7"]);
});

it("what is left is told in the largest unit of which there are two", () => {
  expect([0, 119_000, 121_000, 7_100_000, 7_300_000].map(lasting)).toEqual(["0 s", "119 s", "2 min", "118 min", "2 h"]);
});
