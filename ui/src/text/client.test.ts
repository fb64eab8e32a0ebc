import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TextClient, type WorkerLike } from "./client";
import type { Request } from "./protocol";
import { work } from "./work";

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  stopped = false;
  asked: Request[] = [];

  postMessage(message: Request) {
    this.asked.push(message);
  }

  terminate() {
    this.stopped = true;
  }

  answer() {
    const request = this.asked.shift();
    if (!request) throw new Error("nothing was asked");
    const data = { id: request.id, ok: true as const, value: work(request) };
    this.onmessage?.({ data } as Parameters<NonNullable<WorkerLike["onmessage"]>>[0]);
  }
}

let workers: FakeWorker[] = [];
let client: TextClient;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  client = new TextClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  }, 3000);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the text client", () => {
  it("sends one job at a time to one worker", async () => {
    const first = client.run({ kind: "markdown", text: "a" });
    const second = client.run({ kind: "markdown", text: "b" });
    expect(workers[0]?.asked.length).toBe(1);
    workers[0]?.answer();
    expect((await first).ok).toBe(true);
    workers[0]?.answer();
    expect((await second).ok).toBe(true);
    expect(workers.length).toBe(1);
  });

  it("stops a worker that misses the deadline and starts another for the next job", async () => {
    const slow = client.run({ kind: "markdown", text: "a" });
    const next = client.run({ kind: "markdown", text: "b" });
    vi.advanceTimersByTime(3000);
    expect(await slow).toEqual({ ok: false, why: "Formatting took too long." });
    expect(workers[0]?.stopped).toBe(true);
    workers[1]?.answer();
    expect((await next).ok).toBe(true);
  });

  it("survives a worker that dies", async () => {
    const dying = client.run({ kind: "markdown", text: "a" });
    workers[0]?.onerror?.({} as ErrorEvent);
    expect((await dying).ok).toBe(false);
    const next = client.run({ kind: "diff", left: "a b", right: "a c" });
    workers[1]?.answer();
    expect(await next).toMatchObject({
      ok: true,
      value: {
        left: [{ text: "a ", changed: false }, { text: "b", changed: true }],
        right: [{ text: "a ", changed: false }, { text: "c", changed: true }],
      },
    });
  });
});
