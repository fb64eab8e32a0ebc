// One command at a time, its failure shown with a way to try again.

import { problem, type Problem } from "../../backend";

export class Jobs {
  /** A command is under way. */
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  retry: (() => void) | null = null;
  /** What stands on the screen is dealt with, and what should follow failed to come. */
  stale = false;

  async run(job: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.retry = null;
    try {
      await job();
    } catch (thrown) {
      this.problem = problem(thrown);
      this.retry ??= () => void this.run(job);
    } finally {
      this.busy = false;
    }
  }

  /** What follows a command that is done: trying again must not do the command twice. */
  async then(after: () => Promise<void>) {
    try {
      await after();
    } catch (thrown) {
      this.stale = true;
      this.retry = () => void this.run(after);
      throw thrown;
    }
  }
}
