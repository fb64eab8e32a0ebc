// Models, sent to the worker ahead of their first frame. Which are there is the worker's business:
// it takes a model in again by itself where it has lost it.

import { problem, scene, type Medium } from "../backend";

/** Sentences on what of a model does not show, or why it does not show at all. */
export interface Arrived {
  readonly remarks: readonly string[];
  readonly why: string | null;
}

const KEPT = 12;
const sent = new Map<string, Promise<Arrived>>();

/** Sends models that will be needed soon. */
export function sendAhead(media: readonly Medium[]) {
  for (const medium of media) if (medium.kind === "model3d") void arrival(medium.id);
}

/** Waits until a model is there, or known not to show. */
export function arrival(id: string): Promise<Arrived> {
  const known = sent.get(id);
  if (known) return known;
  const arriving = scene.load(id).then(
    (remarks): Arrived => ({ remarks, why: null }),
    (thrown: unknown): Arrived => ({ remarks: [], why: problem(thrown).message }),
  );
  sent.set(id, arriving);
  for (const oldest of sent.keys()) {
    if (sent.size <= KEPT) break;
    sent.delete(oldest);
  }
  return arriving;
}
