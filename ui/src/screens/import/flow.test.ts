import { beforeEach, expect, it, vi } from "vitest";

import type { ImportPreview } from "../../bindings/ImportPreview";
import type { ImportReport } from "../../bindings/ImportReport";
import type { ImportRequest } from "../../bindings/ImportRequest";
import { ImportFlow } from "./flow.svelte";

const report: ImportReport = {
  ...{ file: "f", format: "mapped", why: "", dry_run: true, rows: 2, taken: 2, refused: 0, pairs: 2 },
  ...{ questions: 2, known: 0, votes: 0, resolutions: 0, media: 0, media_copied: 0 },
  ...{ broken: null, problems: [], remarks: [], remarks_total: 0 },
};
const found: ImportPreview = {
  ...{ report, rows: [], mapping: null, media_root: null },
  columns: [{ name: "idx", examples: ["1"], values: [] }],
};

let asked: ImportRequest[];
let answers: (() => Promise<ImportPreview>)[];
const run = vi.fn<(request: ImportRequest) => Promise<ImportReport>>();
const cancel = vi.fn(() => Promise.resolve(null));
let flow: ImportFlow;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  run.mockReset().mockResolvedValue({ ...report, dry_run: false });
  flow = new ImportFlow({
    preview: (request) => {
      asked.push(request);
      return answers.shift()?.() ?? Promise.resolve(found);
    },
    run,
    cancel,
  });
  flow.request.file = " /data/f.json ";
});

it("asks again once, a while after the last change, and writes nothing", async () => {
  await flow.preview();
  flow.setMapping("a");
  flow.setMapping("b");
  expect(flow.ready).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.map((r) => r.mapping)).toEqual([null, "b"]);
  expect(asked[0]?.file).toBe("/data/f.json");
  expect(flow.ready).toBe(true);
  expect(run).not.toHaveBeenCalled();
});

it("shows the answer to the last question only", async () => {
  let late = (_: ImportPreview) => {};
  answers = [() => new Promise((resolve) => (late = resolve)), () => Promise.resolve(found)];
  const first = flow.preview();
  await flow.preview();
  late({ ...found, report: { ...report, taken: 77 } });
  await first;
  expect(flow.found?.report.taken).toBe(2);
});

it("a mapping that is wrong keeps its editor", async () => {
  await flow.preview();
  answers = [() => Promise.reject(Object.assign(new Error("There is no field x."), { code: "mapping" }))];
  flow.setMapping("bad");
  await vi.advanceTimersByTimeAsync(1000);
  expect(flow.problem?.message).toBe("There is no field x.");
  expect(flow.mapped).toBe(true);
  expect(flow.ready).toBe(false);
});

it("a run ends in its report, a cancelled one in the form as it was", async () => {
  await flow.preview();
  run.mockRejectedValueOnce(Object.assign(new Error("Cancelled."), { code: "cancelled" }));
  const running = flow.run();
  expect(flow.step).toBe("running");
  flow.cancel();
  await running;
  expect([flow.step, flow.stopped?.message, flow.ready]).toEqual(["choose", "Cancelled.", true]);
  await flow.run();
  expect(flow.step).toBe("done");
  expect(run).toHaveBeenCalledTimes(2);
});
