// One job of the text worker, apart from the worker itself so that tests can run it.

import { wordDiff, type TextDiff } from "./diff";
import { markdown } from "./markdown";
import type { Job, Parsed } from "./protocol";
import { count } from "./tree";

/** More elements than this make the page slow; such a text is shown as written. */
const MOST_NODES = 40_000;
const DIFF_MS = 2500;

/** The answer to a job; throws a sentence where there is none. */
export function work(job: Job): Parsed | TextDiff {
  if (job.kind === "diff") {
    const found = wordDiff(job.left, job.right, DIFF_MS);
    if (!found) throw new Error("The texts differ too much to mark it in time.");
    return found;
  }
  const parsed = markdown(job.text);
  if (count(parsed.nodes) > MOST_NODES) throw new Error("This text is too intricate to format.");
  return parsed;
}
