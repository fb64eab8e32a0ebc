// The Models screen's course: which models there are, asking one, and what came of it. It outlives the
// screen, so that a run goes on while its owner looks at something else.

import { problem, type ModelsBackend, type Problem } from "../../backend";
import type { ModelInfo } from "../../bindings/ModelInfo";
import type { ModelsReport } from "../../bindings/ModelsReport";
import type { Orders } from "../../bindings/Orders";
import type { PredictProgress } from "../../bindings/PredictProgress";
import type { PredictReport } from "../../bindings/PredictReport";
import type { PredictRequest } from "../../bindings/PredictRequest";
import type { Setting } from "../../bindings/Setting";

export class ModelsFlow {
  /** The folder as its owner wrote it; empty: the usual one. */
  folder = $state("");
  found = $state.raw<ModelsReport | null>(null);
  listing = $state(false);
  /** Why the folder cannot be listed. */
  trouble = $state.raw<Problem | null>(null);

  model = $state("surface");
  /** How many questions at most, as written; empty: all. */
  count = $state("");
  setting = $state<Setting>("with_tie");
  order = $state<Orders>("12");

  running = $state(false);
  cancelling = $state(false);
  progress = $state.raw<PredictProgress | null>(null);
  report = $state.raw<PredictReport | null>(null);
  /** Why the last run was refused, or ended. */
  stopped = $state.raw<Problem | null>(null);

  chosen = $derived(this.found?.models.find(({ name, problem }) => name === this.model && problem === null) ?? null);
  /** The number of questions; null: all; undefined: what is written is none. */
  limit = $derived(limitOf(this.count));
  ready = $derived(!this.running && this.chosen !== null && this.limit !== undefined);

  #backend: ModelsBackend;
  #asked = 0;

  constructor(backend: ModelsBackend) {
    this.#backend = backend;
  }

  async list() {
    this.#asked += 1;
    const asked = this.#asked;
    this.listing = true;
    this.trouble = null;
    try {
      const found = await this.#backend.list(this.#folder());
      if (asked !== this.#asked) return;
      this.found = found;
      if (this.chosen === null) this.model = "surface";
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.trouble = problem(thrown);
    }
    this.listing = false;
  }

  choose(model: ModelInfo) {
    if (model.problem === null && !this.running) this.model = model.name;
  }

  /** Whether anything was asked. */
  async run(): Promise<boolean> {
    if (!this.ready) return false;
    this.running = true;
    this.cancelling = false;
    this.progress = this.report = this.stopped = null;
    try {
      this.report = await this.#backend.run(this.#wanted(), (progress) => (this.progress = progress));
    } catch (thrown) {
      this.stopped = problem(thrown);
    }
    this.running = false;
    return this.report !== null;
  }

  cancel() {
    this.cancelling = true;
    this.#backend.cancel().catch((thrown: unknown) => {
      this.stopped = problem(thrown);
      this.cancelling = false;
    });
  }

  #folder(): string | null {
    const folder = this.folder.trim();
    return folder === "" ? null : folder;
  }

  #wanted(): PredictRequest {
    const folder = this.#folder();
    const sees = this.chosen?.sees_order ?? true;
    return {
      ...{ model: this.model, setting: this.setting, order: sees ? this.order : "12" },
      ...(folder === null ? {} : { folder }),
      ...(typeof this.limit === "number" ? { limit: this.limit } : {}),
    };
  }
}

function limitOf(count: string): number | null | undefined {
  const written = count.trim();
  if (written === "") return null;
  return /^[1-9]\d{0,8}$/.test(written) ? Number(written) : undefined;
}

/** 90 s, 4 min, 3 h: the largest unit of which there are two. */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
