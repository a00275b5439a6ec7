import { setImmediate as turn } from "node:timers/promises";
import { createOutlet, type Engine, type LedgerEntry, type MeteredUsage } from "@outlet/core";
import { openLedger, type Place } from "../databases.ts";
import { argumentsOf, printing } from "./program.ts";

// Makes calls of an upstream under a ledger, from one number to another, and says when it begins one. Settles what others left.

const [place, lastLine, upstream, from, to] = argumentsOf<[Place, number | null, string, number, number]>();
const say = printing(lastLine);
const AT_ONCE = 24;
const LEASE_MS = 500;

const engine: Engine = {
  specificationVersion: "v1",
  async forward({ path, body }, { requestId }) {
    const headers = { "content-type": "application/json", "x-client-request-id": requestId };
    const reply = await fetch(upstream + path, { method: "POST", headers, body: body as string });
    const stream = reply.headers.get("content-type") === "text/event-stream";
    return {
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      body: stream ? (reply.body as AsyncIterable<Uint8Array>) : new Uint8Array(await reply.arrayBuffer()),
    };
  },
};

/** What the upstream says that it counted for the call. */
async function counted({ id }: LedgerEntry): Promise<MeteredUsage | null> {
  return (await (await fetch(`${upstream}/counted/${id}`)).json()) as MeteredUsage | null;
}

const outlet = createOutlet({
  access: "open",
  models: { "*": engine },
  ledger: await openLedger(place, LEASE_MS),
  billing: { prices: { "*": { input: 1, output: 2 } }, whenUnknown: counted },
  logger: { error: (details, message) => console.error(message, details), warn: () => {} },
});

const chat = { model: "m", messages: [{ role: "user", content: "x" }] };
const KINDS: readonly [path: string, body: object][] = [
  ["/chat/completions", chat],
  ["/chat/completions", { ...chat, stream: true }],
  ["/completions", { model: "m", prompt: "x" }],
  ["/embeddings", { model: "m", input: "x" }],
  ["/responses", { model: "m", input: "x" }],
];

async function make(number: number): Promise<void> {
  say(`${number}`);
  const [path, body] = KINDS[number % KINDS.length] as (typeof KINDS)[number];
  const reply = await outlet.fetch(`http://outlet/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${text}`);
}

let next = from;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (next < to) {
      await make(next++);
      await turn();
    }
  }),
);
process.stdout.write("done\n");
// Lives on, and settles what was left, until its input is closed.
process.stdin.resume();
process.stdin.once("end", async () => {
  await outlet.close();
  process.exit();
});
