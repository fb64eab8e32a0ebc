// The one file that speaks to Rust. Every command of the window, typed; nothing else imports
// `@tauri-apps`.

import { Channel, invoke } from "@tauri-apps/api/core";

import type { Action } from "./bindings/Action";
import type { AdjudicateOptions } from "./bindings/AdjudicateOptions";
import type { AgreementReport } from "./bindings/AgreementReport";
import type { AgreementRequest } from "./bindings/AgreementRequest";
import type { AnnotatorName } from "./bindings/AnnotatorName";
import type { Binding } from "./bindings/Binding";
import type { CheckReport } from "./bindings/CheckReport";
import type { CommandError } from "./bindings/CommandError";
import type { CompareReport } from "./bindings/CompareReport";
import type { CompareRequest } from "./bindings/CompareRequest";
import type { CriteriaPage } from "./bindings/CriteriaPage";
import type { CriteriaReceipt } from "./bindings/CriteriaReceipt";
import type { CriteriaRequest } from "./bindings/CriteriaRequest";
import type { DecideRequest } from "./bindings/DecideRequest";
import type { Disagreements } from "./bindings/Disagreements";
import type { DropOutcome } from "./bindings/DropOutcome";
import type { DropRequest } from "./bindings/DropRequest";
import type { EditKind } from "./bindings/EditKind";
import type { EditPreview } from "./bindings/EditPreview";
import type { EditReceipt } from "./bindings/EditReceipt";
import type { ExportReport } from "./bindings/ExportReport";
import type { ExportRequest } from "./bindings/ExportRequest";
import type { GroupReceipt } from "./bindings/GroupReceipt";
import type { Guideline } from "./bindings/Guideline";
import type { GuidelineText } from "./bindings/GuidelineText";
import type { HistoryEntry } from "./bindings/HistoryEntry";
import type { ImportPreview } from "./bindings/ImportPreview";
import type { ImportProgress } from "./bindings/ImportProgress";
import type { ImportReport } from "./bindings/ImportReport";
import type { ImportRequest } from "./bindings/ImportRequest";
import type { KnownQuestion } from "./bindings/KnownQuestion";
import type { LabelSetup } from "./bindings/LabelSetup";
import type { MergeReport } from "./bindings/MergeReport";
import type { ModelsReport } from "./bindings/ModelsReport";
import type { MoveReport } from "./bindings/MoveReport";
import type { NewProject } from "./bindings/NewProject";
import type { NextToAdjudicate } from "./bindings/NextToAdjudicate";
import type { Order } from "./bindings/Order";
import type { PackageReport } from "./bindings/PackageReport";
import type { Phase } from "./bindings/Phase";
import type { PhaseReport } from "./bindings/PhaseReport";
import type { PredictProgress } from "./bindings/PredictProgress";
import type { PredictReport } from "./bindings/PredictReport";
import type { PredictRequest } from "./bindings/PredictRequest";
import type { PredictionsReport } from "./bindings/PredictionsReport";
import type { PredictionsRequest } from "./bindings/PredictionsRequest";
import type { Preferences } from "./bindings/Preferences";
import type { Progress } from "./bindings/Progress";
import type { ProjectInfo } from "./bindings/ProjectInfo";
import type { ProtocolReport } from "./bindings/ProtocolReport";
import type { ProtocolRequest } from "./bindings/ProtocolRequest";
import type { QuestionInFull } from "./bindings/QuestionInFull";
import type { QuestionView } from "./bindings/QuestionView";
import type { Queues } from "./bindings/Queues";
import type { RecentProject } from "./bindings/RecentProject";
import type { ResolutionInfo } from "./bindings/ResolutionInfo";
import type { ResolveRequest } from "./bindings/ResolveRequest";
import type { RevealRequest } from "./bindings/RevealRequest";
import type { RevealSettings } from "./bindings/RevealSettings";
import type { Revealed } from "./bindings/Revealed";
import type { RevealsReport } from "./bindings/RevealsReport";
import type { ReverseReport } from "./bindings/ReverseReport";
import type { Role } from "./bindings/Role";
import type { RuleOutcome } from "./bindings/RuleOutcome";
import type { SameReceipt } from "./bindings/SameReceipt";
import type { SettleReceipt } from "./bindings/SettleReceipt";
import type { SettleRequest } from "./bindings/SettleRequest";
import type { SideView } from "./bindings/SideView";
import type { SkipReason } from "./bindings/SkipReason";
import type { Suggestions } from "./bindings/Suggestions";
import type { SurfaceReport } from "./bindings/SurfaceReport";
import type { SurfaceRequest } from "./bindings/SurfaceRequest";
import type { Told } from "./bindings/Told";
import type { UndoReceipt } from "./bindings/UndoReceipt";
import type { Verdict } from "./bindings/Verdict";
import type { ViewMedia } from "./bindings/ViewMedia";
import type { VoteReceipt } from "./bindings/VoteReceipt";
import type { VoteRequest } from "./bindings/VoteRequest";

/** Where the window stands. */
export interface SessionState {
  /** The open project; its path is known to the owner, and to nobody once a name is picked. */
  readonly project: { readonly name: string; readonly path: string | null } | null;
  readonly annotator: AnnotatorName | null;
  readonly owner: boolean;
  /** The name of the file to send back, where a work package is open. */
  readonly package: string | null;
  /** Something to tell once, such as a project that could not be reopened. */
  readonly notice: string | null;
}

/** A question, its media named by ids of this session. */
export type Question = QuestionView<string>;
export type Side = SideView<string>;
export type Medium = ViewMedia<string>;
/** A question with its votes, for its owner. */
export type WholeQuestion = QuestionInFull<string>;
/** Nothing is left; `phase`, where the project has phases: what is left comes in another. */
export type Done = { readonly done: true; readonly phase?: Phase };
export type Next = Question | Done;

/** Why a command failed: `message` is a sentence for people. */
export type Problem = CommandError;

/** What was thrown, as a problem. */
export function problem(thrown: unknown): Problem {
  const bare = { code: "unknown", file: null, row: null, field: null };
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    const { message } = thrown;
    if (typeof message === "string") return { ...bare, ...thrown, message };
  }
  return { ...bare, message: typeof thrown === "string" ? thrown : "Something unexpected happened." };
}

/** Whether there is no question left. */
export function isDone(next: Next): next is Done {
  return "done" in next;
}

export const session = {
  state: () => invoke<SessionState>("session_state"),
  recent: () => invoke<RecentProject[]>("recent_projects"),
  create: (path: string, wish: NewProject) => invoke<SessionState>("project_new", { path, wish }),
  open: (path: string) => invoke<SessionState>("project_open", { path }),
  demo: () => invoke<SessionState>("demo_open"),
  close: () => invoke<SessionState>("project_close"),
  annotators: () => invoke<AnnotatorName[]>("annotators"),
  pick: (id: string | null, name: string | null) =>
    invoke<SessionState>("annotator_pick", { id, name }),
  leave: () => invoke<SessionState>("annotator_leave"),
  /** Opens or closes the owner's screens; Rust writes it down. */
  owner: (on: boolean) => invoke<SessionState>("owner_set", { on }),
};

export const dialogs = {
  folder: (title: string) => invoke<string | null>("choose_folder", { title }),
  file: (title: string) => invoke<string | null>("choose_file", { title }),
  save: (title: string, suggested: string) =>
    invoke<string | null>("choose_save", { title, suggested }),
};

/** The owner's commands: never called in an annotator's session. */
export const owner = {
  info: () => invoke<ProjectInfo>("project_info"),
  preview: (request: ImportRequest) => invoke<ImportPreview>("import_preview", { request }),
  run: (request: ImportRequest, told: (progress: ImportProgress) => void) => {
    const onProgress = new Channel<ImportProgress>();
    onProgress.onmessage = told;
    return invoke<ImportReport>("import_run", { request, onProgress });
  },
  cancel: () => invoke<null>("import_cancel"),
  saveMapping: (path: string, toml: string) => invoke<null>("mapping_save", { path, toml }),
  export: (request: ExportRequest) => invoke<ExportReport>("export_run", { request }),
  /** Takes in the project in a folder, or a work package; `cancel` stops it. */
  merge: (path: string) => invoke<MergeReport>("merge_run", { path }),
  /** Makes a work package for an annotator's id, or a new name. */
  pack: (annotator: string, path: string) =>
    invoke<PackageReport>("package_run", { annotator, path }),
  check: () => invoke<CheckReport>("check_run"),
  move: (from: string, to: string) => invoke<MoveReport>("votes_move", { from, to }),
  agreement: (request: AgreementRequest) => invoke<AgreementReport>("agreement_run", { request }),
  /** What reward models are worth beside people. */
  compare: (request: CompareRequest) => invoke<CompareReport>("compare_run", { request }),
  importPredictions: (request: PredictionsRequest) =>
    invoke<PredictionsReport>("predictions_import", { request }),
  disagreements: (limit: number) => invoke<Disagreements>("disagreements_list", { limit }),
  question: (question: string) => invoke<WholeQuestion>("question_in_full", { question }),
  /** Saves a table, or a drawing: as PDF where the path ends so. Gives the file's path. */
  save: (path: string, text: string) => invoke<string>("figure_save", { path, text }),
  copy: (text: string) => invoke<null>("text_copy", { text }),
  guideline: () => invoke<Guideline>("guideline_all"),
  /** Writes a new version; false where these words are in force already. */
  setGuideline: (text: string) => invoke<boolean>("guideline_set", { text }),
};

/** How questions are dealt, and which answers are known: the owner's. */
export const queues = {
  all: () => invoke<Queues>("queues_all"),
  /** Deals in another order from now on. */
  order: (order: Order) => invoke<null>("order_set", { order }),
  /** Gives a place on; answers how many questions went back. */
  free: (annotator: string) => invoke<number>("place_free", { annotator }),
  known: () => invoke<KnownQuestion[]>("known_all"),
  /** `question`: its id, or the one that it has in the data. */
  add: (role: Role, question: string, verdict: Verdict, explanation: string) =>
    invoke<null>("known_add", { role, question, verdict, explanation }),
  remove: (role: Role, question: string) => invoke<null>("known_remove", { role, question }),
  /** Takes all of one role from a file; answers how many were new, changed or removed. */
  set: (role: Role, path: string) => invoke<number>("known_set", { role, path }),
};

/** Whether people are shown predictions after they voted: the owner's. */
export const reveal = {
  settings: () => invoke<RevealSettings>("reveal_settings"),
  set: (request: RevealRequest) => invoke<RevealSettings>("reveal_set", { request }),
};

export const label = {
  setup: () => invoke<LabelSetup>("label_setup"),
  next: () => invoke<Next>("label_next"),
  /** The question after the current one, to load its media ahead. */
  peek: () => invoke<Next>("label_peek"),
  at: (assignment: string) => invoke<Question>("label_at", { assignment }),
  vote: (request: VoteRequest) => invoke<VoteReceipt>("label_vote", { request }),
  undo: () => invoke<UndoReceipt | null>("label_undo"),
  skip: (assignment: string, reason: SkipReason, note: string) =>
    invoke<null>("label_skip", { assignment, reason, note }),
  criteria: (pair: string, texts: string[]) =>
    invoke<CriteriaReceipt>("label_criteria", { pair, texts }),
  /** Newest first. */
  history: (limit: number) => invoke<HistoryEntry[]>("label_history", { limit }),
  progress: () => invoke<Progress>("label_progress"),
  bind: (action: Action, key: string | null, shift: boolean) =>
    invoke<Binding[]>("keys_bind", { action, key, shift }),
  resetKeys: () => invoke<Binding[]>("keys_reset"),
  preferences: (preferences: Preferences) =>
    invoke<Preferences>("preferences_set", { preferences }),
  /** The guideline in force. */
  guideline: () => invoke<GuidelineText | null>("label_guideline"),
  guidelineTold: (version: number) => invoke<null>("label_guideline_told", { version }),
  /** What the model says of a question whose vote is stored; Rust refuses it for any other. */
  reveal: (assignment: string) => invoke<Told>("label_reveal", { assignment }),
  /** What was voted and what the model says, once nothing is left. */
  reveals: (offset: number) => invoke<RevealsReport>("label_reveals", { offset }),
};

export type LabelBackend = typeof label;

/** An adjudicator's commands, in the owner's session; `adjudicator` is his annotator's id. */
export const adjudication = {
  pick: (name: string) => invoke<AnnotatorName>("adjudicator_pick", { name }),
  keys: (adjudicator: string) => invoke<Binding[]>("adjudicator_keys", { adjudicator }),
  bind: (adjudicator: string, action: Action, key: string | null, shift: boolean) =>
    invoke<Binding[]>("adjudicator_keys_bind", { adjudicator, action, key, shift }),
  resetKeys: (adjudicator: string) => invoke<Binding[]>("adjudicator_keys_reset", { adjudicator }),
  next: (adjudicator: string, options: AdjudicateOptions) =>
    invoke<NextToAdjudicate<string>>("adjudicate_next", { adjudicator, options }),
  decide: (adjudicator: string, request: DecideRequest) =>
    invoke<Revealed>("adjudicate_decide", { adjudicator, request }),
  settle: (adjudicator: string, request: SettleRequest) =>
    invoke<SettleReceipt>("adjudicate_settle", { adjudicator, request }),
  sendBack: (adjudicator: string, question: string, reason: string) =>
    invoke<null>("adjudicate_send_back", { adjudicator, question, reason }),
  flag: (adjudicator: string, question: string, words: string) =>
    invoke<null>("adjudicate_flag", { adjudicator, question, words }),
  guideline: async () => (await owner.guideline()).guideline,
  /** `id`: a question's, a resolution's or a batch's. */
  reverse: (id: string, reason: string) => invoke<ReverseReport>("resolve_reverse", { id, reason }),
};

export type AdjudicationBackend = typeof adjudication;

/** Resolving by rule. */
export const rules = {
  /** What each rule would do; nothing is written. */
  preview: (request: ResolveRequest) => invoke<RuleOutcome[]>("resolve_preview", { request }),
  run: (request: ResolveRequest) => invoke<RuleOutcome>("resolve_run", { request }),
  resolutions: () => invoke<ResolutionInfo[]>("resolutions"),
};

/** Reward models that run on this machine: the owner's. */
export const models = {
  /** Those of a folder, or of the usual one, and what is built in. */
  list: (folder: string | null) => invoke<ModelsReport>("models_list", { folder }),
  run: (request: PredictRequest, told: (progress: PredictProgress) => void) => {
    const onProgress = new Channel<PredictProgress>();
    onProgress.onmessage = told;
    return invoke<PredictReport>("predict_run", { request, onProgress });
  },
  /** What was written stays. */
  cancel: () => invoke<null>("predict_cancel"),
  surface: (request: SurfaceRequest) => invoke<SurfaceReport>("surface_run", { request }),
};

export type ModelsBackend = typeof models;

/** The owner's work on criteria, and the phases. */
export const criteria = {
  list: (request: CriteriaRequest) => invoke<CriteriaPage>("criteria_list", { request }),
  /** What may say the same, or belong to a group; nothing is applied. */
  suggest: (limit: number) => invoke<Suggestions>("criteria_suggest", { limit }),
  previewEdit: (criterion: string) => invoke<EditPreview>("criterion_edit_preview", { criterion }),
  edit: (criterion: string, text: string, kind: EditKind) =>
    invoke<EditReceipt>("criterion_edit", { criterion, text, kind }),
  /** `ids`: criteria or questions, the one that stays first. */
  same: (ids: readonly string[], pair: string | null) =>
    invoke<SameReceipt>("criteria_same", { ids, pair }),
  apart: (ids: readonly string[], pair: string | null) =>
    invoke<SameReceipt>("criteria_apart", { ids, pair }),
  /** Into a group, or, with null, out of theirs. */
  group: (criteria: readonly string[], name: string | null) =>
    invoke<GroupReceipt>("criteria_group", { criteria, name }),
  phase: () => invoke<PhaseReport>("phase_report"),
  beginPhase: (phase: Phase) => invoke<PhaseReport>("phase_begin", { phase }),
  previewDrop: (request: DropRequest) => invoke<DropOutcome>("drop_preview", { request }),
  drop: (request: DropRequest) => invoke<DropOutcome>("drop_run", { request }),
  protocol: (request: ProtocolRequest) => invoke<ProtocolReport>("protocol_report", { request }),
};

export type CriteriaBackend = typeof criteria;

/** How a model is looked at; see `View` of the worker. */
export interface SceneView {
  readonly width: number;
  readonly height: number;
  readonly yaw: number;
  readonly pitch: number;
  readonly zoom: number;
  readonly pan_x: number;
  readonly pan_y: number;
}

export const scene = {
  /** Takes a model in; answers, in sentences, what of it does not show. */
  load: (id: string) => invoke<string[]>("scene_load", { id }),
  /** Draws it: RGBA, rows from the top. */
  frame: (id: string, view: SceneView) => invoke<ArrayBuffer>("scene_frame", { id, view }),
};

let base: Promise<string | null> | null = null;

/** Where the page fetches a medium, or null where nothing serves it. */
export async function mediaUrl(id: string): Promise<string | null> {
  base ??= invoke<string | null>("media_base");
  const found = await base.catch(() => null);
  if (found === null) {
    base = null;
    return null;
  }
  return `${found}/${encodeURIComponent(id)}`;
}
