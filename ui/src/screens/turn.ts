// What a screen gets to change where the window stands.

import type { SessionState } from "../backend";

/** Runs a command and shows the screen that follows; false where it failed, which is said on top. */
export type Turn = (command: () => Promise<SessionState>) => Promise<boolean>;
