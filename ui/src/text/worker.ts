// The text worker: parses hostile text away from the page. It may be stopped at any time.

import type { Reply, Request } from "./protocol";
import { work } from "./work";

self.onmessage = (event: MessageEvent<Request>) => {
  const { id } = event.data;
  let reply: Reply;
  try {
    reply = { id, ok: true, value: work(event.data) };
  } catch (error) {
    // A stack that ran out is a RangeError with words meant for programmers.
    const why =
      error instanceof Error && !(error instanceof RangeError)
        ? error.message
        : "This text is nested too deeply to format.";
    reply = { id, ok: false, why };
  }
  self.postMessage(reply);
};
