import { createMemoryLedger, createOutlet, defineModel, type Operation, operations } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { validBody } from "../input/bodies.ts";
import { countingEngine } from "../kit/engine.ts";
import { SEED } from "../kit/seed.ts";
import { echoingUpstream } from "./echoing-upstream.ts";
import { telling } from "./telling.ts";

// Of what may be told of a call, none may have these in it.
const SAID = "canary-said-4f1d";
const KEY = "sk-canary-key-9a2b-0123456789abcdef";
const ADMIN_KEY = "sk-admin-canary-key-77c0-0123456789";
const UPSTREAM_KEY = "sk-canary-upstream-key-51e8";
const HEADER = "canary-header-c7d3";
const CANARIES = [SAID, KEY, ADMIN_KEY, UPSTREAM_KEY, HEADER, "canary"];
/** Bodies of each operation. */
const BODIES = 12;
const MODELS = ["relayed", "function", "counting"];

let upstream: Awaited<ReturnType<typeof echoingUpstream>>;
beforeAll(async () => {
  upstream = await echoingUpstream();
});
afterAll(() => upstream.close());

/** The same, with the canary in every text but the model's id and, one time in two, those that are one of a few words. */
function spoken(value: unknown, everywhere: boolean, name = ""): unknown {
  if (typeof value === "string") {
    if (name === "model") return value;
    const isWord = /^[a-z0-9_.]{1,32}$/.test(value);
    return isWord && !everywhere && !["text", "content", "arguments", "input", "instructions", "prompt"].includes(name)
      ? value
      : `${value} ${SAID}`;
  }
  if (Array.isArray(value)) return value.map((one) => spoken(one, everywhere, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoken(one, everywhere, key)]));
}

const CALL = { id: "call_1", type: "function", function: { name: "look", arguments: `{"at":"${SAID}"}` } };
const TOOL = { type: "function", function: { name: "look", description: SAID, parameters: { type: "object" } } };
/** What a conversation with tools says, in the operations that have one. */
const WITH_TOOLS: Readonly<Record<string, object>> = {
  createChatCompletion: {
    messages: [
      { role: "user", content: SAID },
      { role: "assistant", content: null, tool_calls: [CALL] },
      { role: "tool", tool_call_id: "call_1", content: SAID },
    ],
    tools: [TOOL],
  },
  createResponse: {
    input: [
      { role: "user", content: SAID },
      { type: "function_call", call_id: "call_1", name: "look", arguments: `{"at":"${SAID}"}` },
      { type: "function_call_output", call_id: "call_1", output: SAID },
    ],
    tools: [{ type: "function", name: "look", parameters: { type: "object" }, strict: false }],
  },
};

function bodiesOf(operation: Operation): unknown[] {
  const made = fc.sample(validBody(operation), { seed: SEED, numRuns: BODIES });
  const bodies: unknown[] = made.flatMap((body, i) => {
    const named = "model" in body ? { ...body, model: MODELS[i % MODELS.length] } : body;
    return [spoken(named, false), spoken(named, true), { ...(spoken(named, false) as object), [SAID]: SAID }];
  });
  const talk = WITH_TOOLS[operation.id];
  if (!talk) return [...bodies, `{"broken": ${SAID}`];
  const ways = Array.from({ length: upstream.ways * 2 }, (_, i) => ({
    ...talk,
    model: "relayed",
    stream: (i + Math.floor(i / upstream.ways)) % 2 === 1,
  }));
  return [...bodies, ...ways, { ...talk, model: "function" }, { ...talk, model: "function", stream: true }];
}

test("of what is told of calls, nothing has a key, a header or a word of what was said in it", {
  timeout: 120_000,
}, async () => {
  const { options, told } = telling();
  const outlet = createOutlet({
    ...options,
    models: {
      relayed: openai({ apiKey: UPSTREAM_KEY, baseURL: upstream.baseURL, maxRetries: 0, responses: true }),
      function: defineModel(async function* ({ messages, tools: [tool] }) {
        yield JSON.stringify(messages);
        if (tool?.type === "function") yield { tool_call: { name: tool.function.name, arguments: { at: SAID } } };
      }),
      counting: countingEngine().engine,
    },
    keys: { [KEY]: { id: "ann", organization: "acme", project: "shop" } },
    platform: { adminKeys: [ADMIN_KEY] },
    ledger: createMemoryLedger(),
    limits: { models: { "*": { tokensPerMinute: 1_000_000_000 } } },
  });
  const statuses = new Map<number, number>();
  const send = async ({ method, path }: Operation, body: unknown, key: string | null) => {
    const url = `http://outlet/v1${path.replace("{model}", "gone").replaceAll(/\{\w+\}/g, SAID)}?after=${SAID}`;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "x-secret": HEADER,
      cookie: `session=${HEADER}`,
      "user-agent": HEADER,
      ...(key !== null && { authorization: `Bearer ${key}` }),
    };
    const text = body === null ? null : typeof body === "string" ? body : JSON.stringify(body);
    const reply = await outlet.fetch(url, { method, headers, body: text });
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
    await reply.text();
  };
  for (const operation of operations) {
    const key = operation.auth === "admin" ? ADMIN_KEY : KEY;
    const bodies = operation.body ? bodiesOf(operation) : [null];
    for (const body of bodies) await send(operation, body, key);
    await send(operation, bodies[0], null);
    await send(operation, bodies[0], `${key}-wrong`);
    await send(operation, bodies[0], operation.auth === "admin" ? KEY : ADMIN_KEY);
  }
  await outlet.close({ graceMs: 30_000 });
  const everything = await told();
  // It has gone every way there is, and was told of.
  for (const status of [200, 400, 401, 404, 500, 502, 503])
    expect([status, statuses.has(status)]).toEqual([status, true]);
  expect(everything.log).toContain("call settled");
  expect(everything.log).toContain("request failed");
  expect(everything.prometheus).toContain('outlet_requests_total{operation="createChatCompletion",status="200"');
  expect(everything.spans).toContain("gen_ai.request.model");
  expect(everything.metrics).toContain("gen_ai.client.token.usage");
  expect(everything.explanations).toContain("messages");
  for (const [where, text] of Object.entries(everything)) {
    for (const canary of CANARIES) {
      const at = text.indexOf(canary);
      expect(`${where}: ${at < 0 ? "" : text.slice(Math.max(0, at - 300), at + 60)}`).toBe(`${where}: `);
    }
  }
});
