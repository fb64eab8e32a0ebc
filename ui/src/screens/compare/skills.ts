// A ranking that knows who judged: models by strength, annotators by skill and side bias.

import type { SkilledOutcome } from "../../bindings/SkilledOutcome";
import { counted as countedWord } from "../../parts/task";
import { decimal, isDefined } from "./figure";
import * as t from "./table";
import type { Table } from "./table";

/** Why the model could not be fitted; null where it was. */
export function whyNot(outcome: SkilledOutcome): string | null {
  return "undefined" in outcome ? outcome.undefined : null;
}

/** How well each annotator tells models apart, and how far he leans to one side. */
export function judges(outcome: SkilledOutcome, command: string): Table | null {
  if ("undefined" in outcome) return null;
  const nu = outcome.nu === null ? "" : `, ν ${decimal(outcome.nu)}`;
  return {
    id: "skills",
    title: "Annotators in the ranking",
    about: "Bradley–Terry with skill and side bias",
    columns: [t.named("annotator"), t.estimated("skill"), t.estimated("side bias")],
    rows: outcome.annotators.map((one) => ({
      key: one.annotator,
      cells: [t.words(one.name), t.figure(one.skill), t.figure(one.side_bias)],
    })),
    notes: [
      "Skill: 1 tells the models apart as the crowd does, 0 as a coin. Side bias, in logits: above 0 leans left.",
      `Log-likelihood ${decimal(outcome.log_likelihood, 4)} after ${countedWord(outcome.rounds, "round")}${nu}: ${outcome.method}.`,
    ],
    command,
  };
}

/** The models by the strength that this ranking gives them. */
export function skilledModels(outcome: SkilledOutcome, command: string): Table | null {
  if ("undefined" in outcome) return null;
  const strength = (c: (typeof outcome.models)[string]) => (c && isDefined(c) ? c.value : 0);
  const models = Object.entries(outcome.models).sort(
    ([, one], [, other]) => strength(other) - strength(one),
  );
  return {
    id: "skilled-models",
    title: "Models, with skill and side bias taken out",
    about: "every vote a comparison",
    columns: [t.named("model"), t.estimated("strength")],
    rows: models.map(([name, c]) => ({
      key: name,
      cells: [t.words(name), c ? t.figure(c) : t.missing("")],
    })),
    notes: [],
    command,
  };
}
