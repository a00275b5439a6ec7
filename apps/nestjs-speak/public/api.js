/** A failure, in words for the person. `over`: there is no lesson any more. */
export class Problem extends Error {
  constructor(message, over = false) {
    super(message);
    this.over = over;
  }
}

/** @throws Problem */
export async function call(method, path, body, signal) {
  const headers = body ? { "content-type": "application/json" } : {};
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
  } catch {
    throw new Problem("The connection to the server was lost.");
  }
  if (response.ok) return response;
  const { message } = await response.json().catch(() => ({ message: "The server could not do that." }));
  throw new Problem([message].flat().join(" "), response.status === 401);
}

/**
 * Reads server-sent events from a fetch response: `{ type, ...data }`.
 * EventSource cannot do this: it only sends GET, and reconnects by itself.
 */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const type = /^event: (.*)$/m.exec(event)?.[1];
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (type && data) yield { type, ...JSON.parse(data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
