// The command that gives the figures on the screen again.

import type { AgreementRequest } from "../../bindings/AgreementRequest";
import type { CompareRequest } from "../../bindings/CompareRequest";
import type { SurfaceRequest } from "../../bindings/SurfaceRequest";

/** A folder's own name as a shell takes it: the path to it is nobody's business in a paper. */
export function folderWord(path: string): string {
  const name = path.split("/").filter((part) => part !== "").at(-1) ?? "DIR";
  return /^[\w.,+@%-]+$/.test(name) && !name.startsWith("-")
    ? name
    : `'./${name.replaceAll("'", "'\\''")}'`;
}

/** `tiebreak agreement …`, with all that the figures depend on. */
export function agreementCommand(dir: string, request: Required<AgreementRequest>): string {
  return [
    `tiebreak agreement ${dir}`,
    ...(request.by.length > 0 ? [`--by ${request.by.join(",")}`] : []),
    `--both-bad ${request.both_bad_as_tie ? "tie" : "category"}`,
    `--replicates ${request.replicates}`,
    `--seed ${request.seed}`,
    ...(request.converge ? ["--em converged"] : []),
    "--json",
  ].join(" ");
}

/** `tiebreak compare …`, with all that the figures depend on. */
export function compareCommand(dir: string, request: Required<CompareRequest>): string {
  const { rule, replicates, seed, folds, alt_epsilon, contradictions, with_paper } = request;
  return [
    `tiebreak compare ${dir}`,
    ...[`--rule ${rule}`, `--replicates ${replicates}`, `--seed ${seed}`, `--folds ${folds}`],
    ...[`--alt-epsilon ${alt_epsilon}`, `--contradictions ${contradictions}`],
    ...(with_paper ? ["--with-paper"] : []),
    "--json",
  ].join(" ");
}

/** `tiebreak surface …`, with all that the figures depend on. */
export function surfaceCommand(dir: string, request: Required<SurfaceRequest>): string {
  const { replicates, seed, folds } = request;
  return `tiebreak surface ${dir} --replicates ${replicates} --seed ${seed} --folds ${folds} --json`;
}

/** `tiebreak disagreements …`. */
export function disagreementsCommand(dir: string, limit: number): string {
  return `tiebreak disagreements ${dir} --limit ${limit} --json`;
}
