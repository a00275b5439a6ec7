import { mkdirSync, writeFileSync } from "node:fs";
import type { SettledCall } from "@outlet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, type Client, type Failure, type Scenario, scenarios, type Tokens } from "./client.types.ts";
import { clients } from "./clients.ts";
import { engineKinds } from "./engines.ts";
import { keepOnThisMachine, type NetworkGuard, plainEnvironment } from "./network.ts";
import { frameworks } from "./servers.ts";
import { type Stand, startStand } from "./stand.ts";
import { formatTable, type Result } from "./table.ts";

const ARTIFACTS = new URL("../../../.artifacts/", import.meta.url);
const PROMPT = "What is the weather in Oslo?";
const ANSWER = "It is raining in Oslo, and it will be until Thursday at least.";
const results: Result[] = [];

const stands = frameworks.flatMap((framework) =>
  engineKinds.map((kind) => ({ name: `${framework.name}, ${kind.name}`, framework, kind })),
);
const running = new Map<string, Stand>();
let guard: NetworkGuard;

beforeAll(async () => {
  guard = keepOnThisMachine();
  for (const { name, framework, kind } of stands) running.set(name, await startStand(framework, kind));
});

afterAll(async () => {
  await Promise.all([...running.values()].map((stand) => stand.close()));
  guard.restore();
  expect(guard.refused, "hosts that a library has tried to reach").toEqual([]);
});

describe.each(stands)("$name", ({ name }) => {
  describe.each(clients.map((client) => ({ client, library: client.name })))("$library", ({ client }) => {
    for (const scenario of scenarios) {
      it(scenario, async ({ skip }) => {
        const reason = client.lacks[scenario];
        if (reason !== undefined) skip(reason);
        plainEnvironment();
        const stand = running.get(name) as Stand;
        const result = { client: client.name, scenario, stand: name, passed: false };
        results.push(result);
        try {
          await checks[scenario](client, stand);
          result.passed = true;
        } finally {
          stand.reset();
        }
      });
    }
  });
});

type Check = (client: Client, stand: Stand) => Promise<void>;

const checks: Record<Scenario, Check> = {
  async chats(client, stand) {
    stand.script({ when: PROMPT, reply: ANSWER });
    const { text, tokens } = await client.chat(stand.api, PROMPT);
    expect(text).toBe(ANSWER);
    expectTokens(tokens, await onlyCall(stand));
  },
  async streams(client, stand) {
    stand.script({ when: PROMPT, reply: ANSWER });
    const { pieces, tokens } = await client.stream(stand.api, PROMPT);
    expect(pieces.join("")).toBe(ANSWER);
    expect(pieces.length).toBeGreaterThan(3);
    expectTokens(tokens, await onlyCall(stand));
  },
  "calls a tool": (client, stand) => checkTool(client.callTool, stand),
  "calls a tool while it streams": (client, stand) => checkTool(client.callToolStreaming, stand),
  async embeds(client, stand) {
    const inputs = ["A cat sleeps on the sofa.", "The cat is sleeping on a sofa.", "Quarterly revenue grew by 4%."];
    const vectors = (await client.embed?.(stand.api, inputs, 256)) ?? [];
    expect(vectors.map((vector) => vector.length)).toEqual([256, 256, 256]);
    const [cat = [], sameCat = [], revenue = []] = vectors;
    expect(dot(cat, cat)).toBeCloseTo(1);
    expect(dot(cat, sameCat)).toBeGreaterThan(dot(cat, revenue));
    await onlyCall(stand);
  },
  async "surfaces a 401"(client, stand) {
    const api: Api = { ...stand.api, apiKey: "sk-not-the-right-one" };
    const failure = await failureOf(client, client.chat(api, PROMPT));
    expect(failure).toEqual({ status: 401, message: expect.stringContaining("Incorrect API key provided: sk-") });
    await onlyCall(stand);
  },
  async "surfaces a 400"(client, stand) {
    const refused = await failureOf(client, client.chat(stand.api, PROMPT, { temperature: 3 }));
    expect(refused).toEqual({ status: 400, message: expect.stringContaining("'temperature'") });
    await onlyCall(stand);
    stand.reset();
    const error = { status: 400, message: "The prompt is too long.", code: "context_length_exceeded" };
    stand.script({ when: PROMPT, reply: { error } });
    const refusedByEngine = await failureOf(client, client.chat(stand.api, PROMPT));
    expect(refusedByEngine).toEqual({ status: 400, message: expect.stringContaining(error.message) });
    await onlyCall(stand);
  },
  async "surfaces an error in a stream"(client, stand) {
    const error = { message: "The model has run out of memory." };
    stand.script({ when: PROMPT, reply: { text: ANSWER, failAfter: 4, error } });
    const { message } = await failureOf(client, client.stream(stand.api, PROMPT));
    expect(message).toBe(error.message);
    expect(await onlyCall(stand)).toMatchObject({ status: 200, outcome: "failed" });
  },
  async "stops the engine when it leaves"(client, stand) {
    const asked = Promise.withResolvers<AbortSignal>();
    stand.script({
      when: PROMPT,
      reply(_request, { signal }) {
        asked.resolve(signal);
        // Half a minute's worth: the test ends only when it is cut short.
        return { text: ANSWER.repeat(40), tokensPerSecond: 20 };
      },
    });
    await client.leave(stand.api, PROMPT);
    await aborted(await asked.promise);
    expect(await onlyCall(stand)).toMatchObject({ status: 200, outcome: "cancelled" });
  },
};

async function checkTool(callTool: Client["callTool"] | undefined, stand: Stand): Promise<void> {
  const cities: string[] = [];
  stand.script(
    {
      when: { user: PROMPT, tool: "get_weather", toolResult: false },
      reply: { toolCalls: { name: "get_weather", arguments: { city: "Oslo" } } },
    },
    { when: { user: PROMPT, toolResult: { name: "get_weather", text: "4 °C, rain" } }, reply: ANSWER },
  );
  const text = await callTool?.(stand.api, PROMPT, (city) => {
    cities.push(city);
    return "4 °C, rain";
  });
  expect(text).toBe(ANSWER);
  expect(cities).toEqual(["Oslo"]);
  expect(stand.settled.map(({ outcome }) => outcome)).toEqual(["completed", "completed"]);
}

/** The call's record; none was sent again. */
async function onlyCall(stand: Stand): Promise<SettledCall> {
  const call = await stand.firstSettled();
  expect(stand.settled).toHaveLength(1);
  return call;
}

function expectTokens(tokens: Tokens | null, { usage }: SettledCall): void {
  expect(usage?.estimated).toBe(false);
  expect(tokens).toEqual({ input: usage?.input_tokens, output: usage?.output_tokens });
}

async function failureOf(client: Client, call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => expect.fail("nothing failed"),
    (error: unknown) => error,
  );
  return client.failure(error);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

it("lets no socket leave this machine", async () => {
  const inner = keepOnThisMachine();
  await expect(fetch("http://192.0.2.1/")).rejects.toThrow();
  await expect(fetch("https://telemetry.example/")).rejects.toThrow();
  inner.restore();
  expect(inner.refused).toEqual(["192.0.2.1", "telemetry.example"]);
});

afterAll(() => {
  const table = formatTable(
    clients,
    stands.map(({ name }) => name),
    results,
  );
  mkdirSync(ARTIFACTS, { recursive: true });
  writeFileSync(new URL("clients.md", ARTIFACTS), table);
  console.log(`\n${table}`);
});
