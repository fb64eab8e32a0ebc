// How an unknown table is to be read, as the drop-downs hold it, to and from the TOML that Rust
// reads (`exchange::mapping`). Nothing that Rust's mapping can say is lost on the way.

import { parse } from "smol-toml";

import type { ColumnInfo } from "../../bindings/ColumnInfo";
import type { Modality } from "../../bindings/Modality";
import { array, inlineTable, text, type Pairs } from "./toml";

export type MediaKind = Exclude<Modality, "text">;

/** Where a prompt or a response stands: fields with words, fields with media paths. */
export interface Content {
  texts: string[];
  media: { kind: MediaKind; field: string }[];
}

/** What a field's words mean. */
export interface Meaning {
  value: string;
  means: string;
}

export interface VoteFields {
  /** Whether `annotator` is a name or the field that holds it. */
  by: "name" | "field";
  annotator: string;
  field: string;
  values: Meaning[];
  rationale: string;
  atMs: string;
  confidence: { field: string; values: Meaning[] };
}

export interface Mapping {
  task: { by: "text" | "field"; value: string; values: Meaning[] };
  id: string;
  prompt: Content;
  response1: Content;
  response2: Content;
  /** Fields with the models' names; or both in one field, with what stands between. */
  model1: string;
  model2: string;
  models: { field: string; split: string };
  criterion: { by: "none" | "text" | "field"; value: string };
  resolution: { field: string; values: Meaning[] };
  votes: VoteFields[];
}

export const KINDS: readonly MediaKind[] = ["image", "video", "audio", "model3d"];

/** Verdicts of a value table, in data terms. */
export const VERDICTS: readonly string[] = ["response1", "response2", "tie", "both_bad"];

export function emptyVote(): VoteFields {
  return {
    ...{ by: "name", annotator: "", field: "", values: [], rationale: "", atMs: "" },
    confidence: { field: "", values: [] },
  };
}

/** The mapping as TOML. What is not chosen is left out. */
export function toToml(mapping: Mapping): string {
  const lines: Pairs = [];
  const put = (key: string, value: string | null) => {
    if (value !== null) lines.push([key, value]);
  };
  const { task, criterion, models, resolution } = mapping;
  if (task.value !== "") {
    put("task", task.by === "text" ? text(task.value) : fieldWithValues({ field: task.value, values: task.values }, text));
  }
  put("id", optional(mapping.id));
  for (const slot of ["prompt", "response1", "response2"] as const) put(slot, content(mapping[slot]));
  if (models.field !== "") {
    put("models", inlineTable([["field", text(models.field)], ["split", text(models.split)]]));
  } else {
    put("model1", optional(mapping.model1));
    put("model2", optional(mapping.model2));
  }
  if (criterion.by !== "none" && criterion.value !== "") {
    put("criterion", inlineTable([[criterion.by, text(criterion.value)]]));
  }
  if (resolution.field !== "") put("resolution", fieldWithValues(resolution, text, true));
  const head = lines.map(([key, value]) => `${key} = ${value}\n`).join("");
  return head + mapping.votes.map(vote).join("");
}

function optional(value: string): string | null {
  return value === "" ? null : text(value);
}

function content({ texts, media }: Content): string | null {
  const fields = texts.filter((field) => field !== "").map(text);
  const words = fields.length === 1 ? (fields[0] ?? "") : array(fields);
  const paths: Pairs = media.filter(({ field }) => field !== "").map(({ kind, field }) => [kind, text(field)]);
  if (paths.length === 0) return fields.length === 0 ? null : words;
  return inlineTable(fields.length === 0 ? paths : [["text", words], ...paths]);
}

function meanings(values: readonly Meaning[], write: (means: string) => string): string {
  const said = values.filter(({ means }) => means !== "");
  return inlineTable(said.map(({ value, means }) => [text(value), write(means)]));
}

function fieldWithValues(
  from: { field: string; values: readonly Meaning[] },
  write: (means: string) => string,
  always = false,
): string {
  const pairs: Pairs = [["field", text(from.field)]];
  if (always || from.values.length > 0) pairs.push(["values", meanings(from.values, write)]);
  return inlineTable(pairs);
}

function vote(from: VoteFields): string {
  if (from.field === "" || from.annotator === "") return "";
  const lines = [
    `${from.by === "name" ? "annotator" : "annotator_field"} = ${text(from.annotator)}`,
    `field = ${text(from.field)}`,
    `values = ${meanings(from.values, text)}`,
  ];
  if (from.confidence.field !== "") {
    lines.push(`confidence = ${fieldWithValues(from.confidence, (level) => String(Number(level)))}`);
  }
  if (from.rationale !== "") lines.push(`rationale = ${text(from.rationale)}`);
  if (from.atMs !== "") lines.push(`at_ms = ${text(from.atMs)}`);
  return `\n[[vote]]\n${lines.join("\n")}\n`;
}

type Table = Record<string, unknown>;

/** The mapping that TOML holds, or null where it is no TOML. What it lacks is empty. */
export function fromToml(toml: string): Mapping | null {
  let table: Table;
  try {
    table = parse(toml);
  } catch {
    return null;
  }
  const [task, criterion] = [table["task"], asTable(table["criterion"])];
  const votes = Array.isArray(table["vote"]) ? table["vote"].map(asTable) : [];
  return {
    task:
      typeof task === "string"
        ? { by: "text", value: task, values: [] }
        : { by: task === undefined ? "text" : "field", value: word(asTable(task)["field"]), values: valuesOf(task) },
    id: word(table["id"]),
    prompt: contentOf(table["prompt"]),
    response1: contentOf(table["response1"]),
    response2: contentOf(table["response2"]),
    model1: word(table["model1"]) || word(asTable(table["response1"])["model"]),
    model2: word(table["model2"]) || word(asTable(table["response2"])["model"]),
    models: { field: word(asTable(table["models"])["field"]), split: word(asTable(table["models"])["split"]) },
    criterion:
      "text" in criterion
        ? { by: "text", value: word(criterion["text"]) }
        : { by: "field" in criterion ? "field" : "none", value: word(criterion["field"]) },
    resolution: { field: word(asTable(table["resolution"])["field"]), values: valuesOf(table["resolution"]) },
    votes: votes.map(voteOf),
  };
}

function voteOf(table: Table): VoteFields {
  const field = word(table["annotator_field"]);
  return {
    by: field === "" ? "name" : "field",
    annotator: field === "" ? word(table["annotator"]) : field,
    field: word(table["field"]),
    values: valuesOf(table),
    rationale: word(table["rationale"]),
    atMs: word(table["at_ms"]),
    confidence: { field: word(asTable(table["confidence"])["field"]), values: valuesOf(table["confidence"]) },
  };
}

function contentOf(from: unknown): Content {
  if (typeof from === "string" || Array.isArray(from)) return { texts: list(from), media: [] };
  const table = asTable(from);
  const media = KINDS.map((kind) => ({ kind, field: word(table[kind]) }));
  return { texts: list(table["text"]), media: media.filter(({ field }) => field !== "") };
}

function valuesOf(from: unknown): Meaning[] {
  const values = asTable(asTable(from)["values"]);
  return Object.entries(values).map(([value, means]) => ({ value, means: word(means) }));
}

function list(from: unknown): string[] {
  return (Array.isArray(from) ? from : [from]).map(word).filter((field) => field !== "");
}

function word(from: unknown): string {
  if (typeof from === "string") return from;
  return typeof from === "number" || typeof from === "bigint" ? String(from) : "";
}

function asTable(from: unknown): Table {
  return typeof from === "object" && from !== null && !Array.isArray(from) ? (from as Table) : {};
}

/** A value table for a field that was just chosen, with the verdicts that are plain to see. */
export function valuesFor(column: ColumnInfo | undefined): Meaning[] {
  const values = column && column.values.length > 0 ? column.values : [...new Set(column?.examples ?? [])];
  return values.map((value) => ({ value, means: plainVerdict(value) }));
}

/** A verdict that a value plainly names, or "". */
export function plainVerdict(value: string): string {
  const plain = value.trim().toLowerCase();
  if (/^(1|a|left|response[_ ]?1|model[_ ]?a|first)$/.test(plain)) return "response1";
  if (/^(2|b|right|response[_ ]?2|model[_ ]?b|second)$/.test(plain)) return "response2";
  if (/^(0|tie|equal|same|draw)$/.test(plain)) return "tie";
  return /^(both[_ ]?bad|neither)$/.test(plain) ? "both_bad" : "";
}
