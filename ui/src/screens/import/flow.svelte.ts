// The import screen's course: ask what a file would become, again whenever something is changed,
// and write only when told to.

import { problem, type owner, type Problem } from "../../backend";
import type { ImportPreview } from "../../bindings/ImportPreview";
import type { ImportReport } from "../../bindings/ImportReport";
import type { ImportRequest } from "../../bindings/ImportRequest";
import { fromToml, type Mapping } from "./mapping";

type ImportBackend = Pick<typeof owner, "preview" | "run" | "cancel">;

const DEBOUNCE_MS = 350;

export class ImportFlow {
  step = $state<"choose" | "running" | "done">("choose");
  request = $state<ImportRequest>(blank());
  found = $state.raw<ImportPreview | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Why the last run ended without an import. */
  stopped = $state.raw<Problem | null>(null);
  reading = $state(false);
  rows = $state(0);
  /** How much of the file is read: 0 to 1. */
  share = $state(0);
  cancelling = $state(false);
  report = $state.raw<ImportReport | null>(null);
  /** The file whose fields the mapping names. */
  columnsOf = $state("");
  /** The mapping as built from drop-downs: kept when a run fails. */
  mapping = $state<Mapping | null>(null);

  /** Whether the preview is that of a mapping. */
  mapped = $derived(
    this.found !== null &&
      this.found.columns.length > 0 &&
      (this.request.format === "mapped" || this.found.report.format === "mapped"),
  );
  ready = $derived(!this.reading && this.problem === null && (this.found?.report.taken ?? 0) > 0);

  #backend: ImportBackend;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: ImportBackend) {
    this.#backend = backend;
  }

  /** Another file: its fields are others. */
  fileChanged() {
    this.request.mapping = null;
    this.mapping = null;
    this.found = null;
    void this.preview();
  }

  setFormat(format: string) {
    this.request.format = format === "" ? null : format;
    if (format !== "mapped") this.request.mapping = null;
    void this.preview();
  }

  /** Takes the file for a table that a mapping describes. */
  describe() {
    this.setFormat("mapped");
  }

  setMapping(toml: string) {
    if (toml === this.request.mapping) return;
    this.request.mapping = toml;
    this.#soon();
  }

  change(part: Partial<ImportRequest>) {
    Object.assign(this.request, part);
    this.#soon();
  }

  async preview() {
    clearTimeout(this.#timer);
    this.stopped = null;
    if (this.request.file.trim() === "") return;
    this.#asked += 1;
    const asked = this.#asked;
    this.reading = true;
    try {
      const found = await this.#backend.preview(this.#wanted());
      if (asked !== this.#asked) return;
      if (this.mapping === null && found.mapping !== null) this.#takeGuess(found.mapping);
      this.found = found;
      this.columnsOf = this.request.file;
      this.problem = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.problem = problem(thrown);
      // A mapping that is not right yet must not take its own editor away.
      if (!this.mapped) this.found = null;
    } finally {
      if (asked === this.#asked) this.reading = false;
    }
  }

  async run() {
    if (!this.ready) return;
    this.step = "running";
    this.stopped = null;
    this.rows = 0;
    this.share = 0;
    this.cancelling = false;
    try {
      this.report = await this.#backend.run(this.#wanted(), ({ rows, bytes, bytes_total: total }) => {
        this.rows = rows;
        this.share = total > 0 ? Math.min(1, bytes / total) : 0;
      });
      this.step = "done";
    } catch (thrown) {
      this.stopped = problem(thrown);
      this.step = "choose";
    }
  }

  cancel() {
    this.cancelling = true;
    this.#backend.cancel().catch((thrown: unknown) => {
      this.problem = problem(thrown);
      this.cancelling = false;
    });
  }

  again() {
    this.request = blank();
    this.mapping = null;
    this.found = null;
    this.problem = null;
    this.report = null;
    this.step = "choose";
  }

  /** Rust's first guess at an unknown table: the drop-downs start from it. */
  #takeGuess(toml: string) {
    this.mapping = fromToml(toml);
    this.request.mapping ??= toml;
  }

  #wanted(): ImportRequest {
    const request = $state.snapshot(this.request);
    return { ...request, file: request.file.trim() };
  }

  #soon() {
    clearTimeout(this.#timer);
    if (this.request.file.trim() === "") return;
    // Until the answer comes, what is shown is not what would be imported.
    this.reading = true;
    this.#timer = setTimeout(() => void this.preview(), DEBOUNCE_MS);
  }
}

function blank(): ImportRequest {
  return { file: "", format: null, mapping: null, task: null, media_root: null, copy_media: false };
}
