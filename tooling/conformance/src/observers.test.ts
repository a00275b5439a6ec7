import { type BegunCall, defineModel, type Observer, type OutletOptions, type SettledCall } from "@outlet/core";
import { type Mounted, OWN_ROUTE } from "@outlet/testing";
import { expect, it, onTestFinished } from "vitest";
import { coreCells } from "./cells/core.ts";
import { expressCells } from "./cells/express.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";

/** One of each adapter, as it is mounted with nothing around it. Observers of another runtime's outlets live there. */
const cells = [...coreCells, ...expressCells, ...honoCells, ...nestCells].filter(({ variant }) => !variant);

const KEY = "sk-observed-0123456789abcdef";

/** Keeps what it is told, and lets calls be waited for. */
function witness() {
  const begun: BegunCall[] = [];
  const ended: SettledCall[] = [];
  const waiting = new Set<() => void>();
  const observer: Observer = {
    begin(call) {
      begun.push(call);
      return {
        end(settled) {
          ended.push(settled);
          for (const look of waiting) look();
        },
      };
    },
  };
  /** When so many calls have ended. */
  const endings = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => ended.length >= count && resolve();
      waiting.add(look);
      look();
    });
  return { observer, begun, ended, endings };
}

const models = {
  says: defineModel(async function* () {
    yield "one ";
    yield "two";
  }),
  fails: defineModel(() => {
    throw new Error("the model is down");
  }),
  breaks: defineModel(async function* () {
    yield "one";
    throw new Error("the model went down");
  }),
  lasts: defineModel(async function* ({ signal }) {
    yield "one";
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }),
} satisfies OutletOptions["models"];

type Send = NonNullable<Mounted["fetch"]>;

/** Sends a chat, and gives its reply before its body. */
async function chat(send: Send, baseURL: string, model: string, more: RequestInit & { stream?: boolean } = {}) {
  const { stream = false, ...init } = more;
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const body = JSON.stringify({ model, stream, messages: [{ role: "user", content: "hi" }] });
  return send(`${baseURL}/chat/completions`, { method: "POST", headers, body, ...init });
}

it.each(cells.map((cell) => ({ name: cell.name, cell })))(
  "an observer sees one end of each call: $name",
  async ({ cell }) => {
    const { observer, begun, ended, endings } = witness();
    const quiet = { error() {}, warn() {} };
    const mounted = await cell.mount({ models, keys: { [KEY]: { id: "ana" } }, observers: [observer], logger: quiet });
    let open = true;
    const close = async () => {
      if (open) await mounted.close();
      open = false;
    };
    onTestFinished(close);
    const { baseURL, fetch: send = fetch, ownRoute } = mounted;

    for (const [model, stream, status] of [
      ["says", false, 200],
      ["says", true, 200],
      ["fails", false, 500],
      ["fails", true, 500],
      ["breaks", true, 200],
      ["nobody", false, 404],
    ] as const) {
      const reply = await chat(send, baseURL, model, { stream });
      await reply.text();
      expect([model, stream, reply.status]).toEqual([model, stream, status]);
    }
    const stranger = await chat(send, baseURL, "says", { headers: { "content-type": "application/json" } });
    expect([stranger.status, await stranger.json()]).toMatchObject([401, { error: {} }]);

    const leaving = new AbortController();
    const reply = await chat(send, baseURL, "lasts", { stream: true, signal: leaving.signal });
    await reply.body?.getReader().read();
    leaving.abort();
    await endings(8);

    const visited = ownRoute ? 1 : 0;
    if (ownRoute) {
      const answer = await send(ownRoute, { method: "POST", headers: { authorization: `Bearer ${KEY}` } });
      expect(await answer.json()).toMatchObject({ caller: "ana" });
      await endings(9);
    }
    // What would be told once more has been told when it is closed.
    await close();

    const chats = "createChatCompletion";
    expect(ended.map(({ operationId, status, outcome }) => [operationId, status, outcome])).toEqual([
      [chats, 200, "completed"],
      [chats, 200, "completed"],
      [chats, 500, "failed"],
      [chats, 500, "failed"],
      [chats, 200, "failed"],
      [chats, 404, "failed"],
      [chats, 401, "failed"],
      [chats, 200, "cancelled"],
      ...Array(visited).fill([OWN_ROUTE, 200, "completed"]),
    ]);
    const ids = ended.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(begun.map(({ requestId }) => requestId).toSorted()).toEqual(ids.toSorted());
  },
);
