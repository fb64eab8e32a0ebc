// The page's side of the text worker: one job at a time, each with a deadline. A worker that misses
// it, or dies, is stopped and a new one is started for the next job.

import type { Answers, Job, Reply, Request } from "./protocol";

export const DEADLINE_MS = 3000;

/** What the client needs of a `Worker`. */
export interface WorkerLike {
  postMessage(message: Request): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

interface Waiting {
  readonly request: Request;
  readonly settle: (outcome: Outcome<Answers[keyof Answers]>) => void;
}

export class TextClient {
  #worker: WorkerLike | null = null;
  #queue: Waiting[] = [];
  #running: Waiting | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;

  constructor(
    readonly start: () => WorkerLike,
    readonly deadlineMs = DEADLINE_MS,
  ) {}

  /** Never rejects: a job that fails says why in a sentence. */
  run<J extends Job>(job: J): Promise<Outcome<Answers[J["kind"]]>> {
    return new Promise((settle) => {
      this.#last += 1;
      const request: Request = { ...job, id: this.#last };
      this.#queue.push({ request, settle: settle as Waiting["settle"] });
      this.#next();
    });
  }

  #next() {
    if (this.#running) return;
    const waiting = this.#queue.shift();
    if (!waiting) return;
    this.#running = waiting;
    const worker = (this.#worker ??= this.#fresh());
    this.#timer = setTimeout(
      () => this.#fail("Formatting took too long."),
      this.deadlineMs,
    );
    worker.postMessage(waiting.request);
  }

  #fresh(): WorkerLike {
    const worker = this.start();
    worker.onmessage = ({ data }) => {
      if (data.id === this.#running?.request.id) this.#finish(data);
    };
    worker.onerror = () => this.#fail("The formatter stopped.");
    return worker;
  }

  #fail(why: string) {
    if (this.#worker) {
      this.#worker.onmessage = null;
      this.#worker.onerror = null;
      this.#worker.terminate();
      this.#worker = null;
    }
    this.#finish({ ok: false, why });
  }

  #finish(outcome: Outcome<Answers[keyof Answers]>) {
    clearTimeout(this.#timer);
    const done = this.#running;
    this.#running = null;
    done?.settle(outcome);
    this.#next();
  }
}

let shared: TextClient | null = null;

/** The one client of the page. */
export function textClient(): TextClient {
  shared ??= new TextClient(
    () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  return shared;
}
