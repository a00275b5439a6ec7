/** One server-sent event without an `event:` line: how chat completions, completions and transcriptions frame. */
export function sseData(json: string): string {
  return `data: ${json}\n\n`;
}

/** One with an `event:` line, which names what its JSON is: how responses and images frame. */
export function sseEvent(type: string, json: string): string {
  return `event: ${type}\ndata: ${json}\n\n`;
}

export const SSE_DONE = "data: [DONE]\n\n";

/**
 * `no-transform` and `x-accel-buffering` keep compression middleware and reverse proxies from
 * holding back tokens until they have a block worth compressing.
 */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};
