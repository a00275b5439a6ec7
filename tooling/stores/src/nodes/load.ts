import type { Node } from "./cluster.ts";

/** What became of a request: its status; or its client left; or its node was gone. */
export type Fate = number | "left" | "cut";

export interface Made {
  readonly fate: Fate;
  /** Of a response in the background. */
  readonly response?: string;
  readonly headers?: Headers;
}

const chat = { model: "m", messages: [{ role: "user", content: "x" }] };

/** Every kind of request: whole, streamed, left by its client in both, and done when nobody waits any more. */
const KINDS: readonly { path: string; body: object; leaves?: "any time" | "in the stream" }[] = [
  { path: "/chat/completions", body: chat },
  { path: "/chat/completions", body: { ...chat, stream: true } },
  { path: "/completions", body: { model: "m", prompt: "x" } },
  { path: "/embeddings", body: { model: "m", input: "x" } },
  { path: "/responses", body: { model: "m", input: "x", store: false } },
  { path: "/responses", body: { model: "m", input: "x", store: false, stream: true } },
  { path: "/chat/completions", body: chat, leaves: "any time" },
  { path: "/chat/completions", body: { ...chat, stream: true }, leaves: "in the stream" },
  { path: "/responses", body: { model: "m", input: "x", background: true } },
];

const LEAVES_WITHIN_MS = 20;

function post({ url }: Node, key: string, path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body), ...(signal && { signal }) });
}

/** The status of a chat with this model. */
export async function chatWith(node: Node, key: string, model: string): Promise<number> {
  const reply = await post(node, key, "/chat/completions", { ...chat, model });
  await reply.arrayBuffer();
  return reply.status;
}

/** Makes a request of the kind that has this number's turn. */
export async function makeMixed(node: Node, key: string, number: number): Promise<Made> {
  const { path, body, leaves } = KINDS[number % KINDS.length] as (typeof KINDS)[number];
  const client = new AbortController();
  if (leaves === "any time") setTimeout(() => client.abort(), Math.random() * LEAVES_WITHIN_MS);
  try {
    const reply = await post(node, key, path, body, client.signal);
    const { status, headers } = reply;
    if (leaves === "in the stream" && status === 200) {
      await reply.body?.getReader().read();
      client.abort();
      return { fate: "left" };
    }
    const text = await reply.text();
    const background = path === "/responses" && "background" in body && status === 200;
    return { fate: status, headers, ...(background && { response: JSON.parse(text).id }) };
  } catch (error) {
    if (client.signal.aborted) return { fate: "left" };
    if (error instanceof TypeError) return { fate: "cut" };
    throw error;
  }
}

/** How many there are of each. */
export function tally(fates: readonly Fate[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fate of fates) counts[fate] = (counts[fate] ?? 0) + 1;
  return counts;
}
