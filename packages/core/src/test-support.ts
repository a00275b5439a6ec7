import type { SettledCall } from "./call.ts";
import type { Engine, ForwardReply } from "./engine/engine.ts";
import type { OutletOptions } from "./options.ts";
import { createOutlet } from "./outlet.ts";

/** An open outlet that keeps what it was told to settle and what it logged. */
export function testOutlet(options: Pick<OutletOptions, "models"> & Partial<OutletOptions>) {
  const settled: SettledCall[] = [];
  const logged: { details: { err?: Error }; message: string }[] = [];
  const log = (details: object, message: string) => void logged.push({ details, message });
  const access = options.keys || options.authenticate ? {} : { access: "open" as const };
  const outlet = createOutlet({
    ...access,
    onSettle: (call) => settled.push(call),
    logger: { error: log, warn: log },
    ...options,
  });
  const post = (path: string, body: unknown, init: RequestInit = {}) =>
    outlet.fetch(
      new Request(`http://outlet/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    );
  return { outlet, settled, logged, post };
}

export const ask = (content: string, more: object = {}) => ({
  model: "m",
  messages: [{ role: "user", content }],
  ...more,
});

/** The `data:` payloads of an event stream. */
export function dataOf(text: string): string[] {
  return text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => event.replace(/^data: /, ""));
}

/** The text that a chat stream's deltas make up. */
export function contentOf(stream: string): string {
  return dataOf(stream)
    .filter((data) => data !== "[DONE]")
    .map((data) => JSON.parse(data).choices?.[0]?.delta?.content ?? "")
    .join("");
}

/** An engine whose far side answers with these bytes, in these chunks. */
export function forwardEngine(reply: ForwardReply | (() => ForwardReply), seen: string[] = []): Engine {
  return {
    specificationVersion: "v1",
    async forward(request) {
      seen.push(typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body ?? undefined));
      return typeof reply === "function" ? reply() : reply;
    },
  };
}

export async function* chunksOf(...chunks: (Uint8Array | string | Error)[]): AsyncGenerator<Uint8Array | string> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}
