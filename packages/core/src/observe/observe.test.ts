import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import type { SettledCall } from "../call.ts";
import { defineModel } from "../engine/define-model.ts";
import type { Engine } from "../engine/engine.ts";
import { ApiError } from "../errors/api-error.ts";
import { createMemoryLedger } from "../ledger/memory-ledger.ts";
import { createMemoryLimiter } from "../limits/memory-limiter.ts";
import type { ResponseObject } from "../resources/responses/responses.types.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { ask, chunksOf, forwardEngine, testOutlet } from "../test-support.ts";
import { callLog } from "./call-log.ts";
import type { BegunCall, Observer, Watched } from "./observer.ts";

const model = defineModel(async function* () {
  yield "one ";
  yield "two";
});

/** Keeps what it is told, in order. */
function witness() {
  const begun: BegunCall[] = [];
  const ended: SettledCall[] = [];
  let watched: Watched | undefined;
  const observer: Observer = {
    attach: (one) => {
      watched = one;
    },
    begin(call) {
      begun.push(call);
      return { end: (settled) => ended.push(settled) };
    },
  };
  return { observer, begun, ended, watched: () => watched as Watched };
}

describe("observers", () => {
  test("are told of a call when it begins, and once when it has ended, as onSettle is", async () => {
    const { observer, begun, ended } = witness();
    const { post, settled } = testOutlet({ models: { m: model }, observers: [observer] });
    const reply = await post("/chat/completions", ask("hi", { stream: true }));
    expect(begun).toMatchObject([{ operationId: "createChatCompletion", background: false, request: { model: "m" } }]);
    expect(ended).toEqual([]);
    await reply.text();
    expect(ended).toEqual(settled);
    expect(ended).toMatchObject([{ status: 200, outcome: "completed" }]);
    expect(ended[0]?.requestId).toBe(begun[0]?.requestId);
  });

  test.each([
    ["an unknown URL", "/nope", {}, 404, null],
    ["a stranger", "/chat/completions", ask("hi"), 401, "createChatCompletion"],
  ])("are told of %s, who is refused before anything begins", async (_what, path, body, status, operationId) => {
    const { observer, begun, ended } = witness();
    const { post } = testOutlet({ models: { m: model }, keys: ["sk-test"], observers: [observer] });
    expect((await post(path, body)).status).toBe(status);
    expect(begun).toMatchObject([{ operationId, request: null }]);
    expect(ended).toMatchObject([{ status, outcome: "failed" }]);
  });

  test("that throw are logged, and change nothing for the caller or for the others", async () => {
    const { observer, ended } = witness();
    const thrower = (what: "begin" | "run" | "end"): Observer => {
      const fail = (): never => {
        throw new Error(what);
      };
      if (what === "begin") return { begin: fail };
      return { begin: () => ({ end: () => {}, [what]: fail }) };
    };
    const observers = [thrower("begin"), thrower("run"), thrower("end"), observer];
    const { post, logged } = testOutlet({ models: { m: model }, observers });
    const reply = await post("/chat/completions", ask("hi"));
    expect([reply.status, await reply.json()]).toMatchObject([200, { choices: [{ message: { content: "one two" } }] }]);
    expect(ended).toHaveLength(1);
    const said = logged.map(({ details, message }) => `${message}: ${details.err?.message}`);
    expect(new Set(said)).toEqual(new Set(["begin", "run", "end"].map((what) => `an observer threw: ${what}`)));
  });

  test("run the work of a call: what they make active is active in the model, before and within a stream", async () => {
    const active = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const looking = defineModel(async function* () {
      seen.push(active.getStore());
      yield "one";
      await Promise.resolve();
      seen.push(active.getStore());
      yield "two";
      seen.push(active.getStore());
    });
    const observer: Observer = {
      begin: ({ requestId }) => ({ run: (work) => active.run(requestId, work), end: () => {} }),
    };
    const { post, settled } = testOutlet({ models: { m: looking }, observers: [observer] });
    for (const stream of [false, true]) await (await post("/chat/completions", ask("hi", { stream }))).text();
    expect(seen).toEqual(settled.flatMap(({ requestId }) => Array(3).fill(requestId)));
  });

  test("get the error that the work throws, and not another's", async () => {
    const refusing = defineModel(() => {
      throw new ApiError({ status: 418, type: "teapot", message: "No." });
    });
    const observer: Observer = { begin: () => ({ run: (work) => work(), end: () => {} }) };
    const { post } = testOutlet({ models: { m: refusing }, observers: [observer] });
    expect((await post("/chat/completions", ask("hi"))).status).toBe(418);
  });

  test("are told of each attempt at a response in the background", async () => {
    const { observer, begun, ended } = witness();
    const { post, outlet } = testOutlet({ models: { m: model }, observers: [observer] });
    const body = { model: "m", input: "hi", background: true, stream: true };
    await (await post("/responses", body)).text();
    await outlet.close();
    expect(begun.map(({ background }) => background)).toEqual([false, true]);
    expect(begun[1]?.requestId).toBe(begun[0]?.requestId);
    expect(ended.find(({ usage }) => usage)).toMatchObject({ operationId: "createResponse", outcome: "completed" });
  });
});

describe("the time to the first token", () => {
  test.each([
    ["a chat", "/chat/completions", ask("hi", { stream: true })],
    ["a completion", "/completions", { model: "m", prompt: "hi", stream: true }],
    ["a response", "/responses", { model: "m", input: "hi", stream: true }],
  ])("is told of %s that is streamed, from the token on and not from what announces it", async (_what, path, body) => {
    const speaking = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const slow = defineModel(async function* () {
      asked.resolve();
      await speaking.promise;
      yield "one";
    });
    const { observer, begun, ended } = witness();
    const { post } = testOutlet({ models: { m: slow }, observers: [observer] });
    const reply = post(path, body);
    await asked.promise;
    const spoke = performance.now();
    speaking.resolve();
    await (await reply).text();
    const { firstTokenMs, durationMs } = ended[0] as SettledCall;
    expect((begun[0] as BegunCall).arrival + (firstTokenMs as number)).toBeGreaterThanOrEqual(spoke);
    expect(firstTokenMs).toBeLessThanOrEqual(durationMs);
  });

  test("is told of a response from its first token on, and not from what announces it", async () => {
    const announced = Promise.withResolvers<void>();
    const speaking = Promise.withResolvers<void>();
    const engine: Engine = {
      specificationVersion: "v1",
      async *respond({ model }) {
        const response = { model, output: [], status: "in_progress" } as unknown as ResponseObject;
        yield { type: "response.created", response };
        announced.resolve();
        await speaking.promise;
        const item = { id: "i", type: "message", role: "assistant", status: "in_progress", content: [] } as never;
        yield { type: "response.output_item.added", output_index: 0, item };
        yield {
          type: "response.output_text.delta",
          item_id: "i",
          output_index: 0,
          content_index: 0,
          delta: "x",
          logprobs: [],
        };
        yield { type: "response.completed", response: { ...response, status: "completed" } };
      },
    };
    const { observer, begun, ended } = witness();
    const { post } = testOutlet({ models: { m: engine }, observers: [observer] });
    const reading = post("/responses", { model: "m", input: "hi", stream: true }).then((reply) => reply.text());
    await announced.promise;
    const spoke = performance.now();
    speaking.resolve();
    expect(await reading).toContain("response.completed");
    const [{ arrival }, { firstTokenMs }] = [begun[0] as BegunCall, ended[0] as SettledCall];
    expect(firstTokenMs).not.toBeNull();
    expect(arrival + (firstTokenMs as number)).toBeGreaterThanOrEqual(spoke);
  });

  test("is told of a stream that is relayed, and of no whole answer", async () => {
    const event = 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n';
    const headers = { "content-type": "text/event-stream" };
    const relay = forwardEngine(() => ({ status: 200, headers, body: chunksOf(event, "data: [DONE]\n\n") }));
    const { post, settled } = testOutlet({ models: { r: relay, m: model } });
    await (await post("/chat/completions", { ...ask("hi", { stream: true }), model: "r" })).text();
    await (await post("/chat/completions", ask("hi"))).text();
    expect(settled[0]?.firstTokenMs).toBeGreaterThan(0);
    expect(settled[1]?.firstTokenMs).toBeNull();
  });
});

describe("explain", () => {
  const bare = { ...model, honours: { chat: ["temperature"], complete: ["max_tokens"] } };
  const models = { m: bare };

  test("tells what was received, sent, made up for and dropped, and how it was priced", async () => {
    const ledger = createMemoryLedger();
    const billing = { prices: { m: { request: 0.5 } } };
    const { post, settled } = testOutlet({ models, explain: true, ledger, billing });
    const body = ask("a secret", { temperature: 0.5, stop: ["x"], n: 1, store: true, metadata: { a: "b" } });
    const reply = await post("/chat/completions", body);
    expect(reply.headers.get("outlet-explain")).toBeNull();
    expect(settled[0]?.explanation).toEqual({
      received: ["model", "messages", "temperature", "stop", "n", "store", "metadata"],
      unknown: 0,
      sent: expect.arrayContaining(["model", "messages", "temperature"]),
      emulated: ["stop", "usage"],
      dropped: ["n", "store", "metadata"],
      priced: { model: "m", known: true, reserved: 500_000_000, cost: 500_000_000 },
    });
    expect(JSON.stringify(settled[0]?.explanation)).not.toContain("secret");
  });

  test("tells it in a header where the host says so", async () => {
    const { post } = testOutlet({ models, explain: "header" });
    const reply = await post("/chat/completions", ask("hi", { stop: "x", stream: true }));
    expect(reply.headers.get("outlet-explain")).toBe(
      'received=("model" "messages" "stop" "stream"), sent=("model" "messages" "stream"), emulated=("stop"), dropped=(), unknown=0',
    );
    await reply.text();
  });

  test("knows a response that is asked of a model as a chat", async () => {
    const { post, settled } = testOutlet({ models, explain: true });
    const body = { model: "m", input: "hi", instructions: "be brief", temperature: 1, max_output_tokens: 100 };
    await post("/responses", body);
    expect(settled[0]?.explanation).toMatchObject({
      received: ["model", "input", "instructions", "temperature", "max_output_tokens"],
      emulated: expect.arrayContaining(["max_output_tokens"]),
      dropped: [],
    });
  });

  test("counts names that the reference does not have, and does not repeat them", async () => {
    const relay = forwardEngine({ status: 200, headers: {}, body: new TextEncoder().encode("{}") });
    const { post, settled } = testOutlet({ models: { m: relay }, explain: true });
    await post("/chat/completions", ask("hi", { my_secret_name: 1 }));
    expect(settled[0]?.explanation).toMatchObject({ received: ["model", "messages"], unknown: 1, priced: null });
    expect(JSON.stringify(settled[0]?.explanation)).not.toContain("my_secret_name");
  });

  test("is off by default", async () => {
    const { post, settled } = testOutlet({ models });
    await post("/chat/completions", ask("hi"));
    expect(settled[0]?.explanation).toBeNull();
  });
});

describe("callLog", () => {
  test("logs a line for each call, at info, without what was said", async () => {
    const lines: object[] = [];
    const logger = { info: (details: object) => lines.push(details) };
    const { post } = testOutlet({
      models: { m: model },
      keys: { "sk-secret": { id: "ann" } },
      observers: [callLog(logger)],
    });
    const headers = { "content-type": "application/json", authorization: "Bearer sk-secret" };
    await post("/chat/completions", ask("my-secret"), { headers });
    await post("/chat/completions", ask("my-secret", { temperature: "my-secret" }), { headers });
    expect(lines).toMatchObject([
      { operationId: "createChatCompletion", status: 200, principal: { id: "ann" }, model: "m", error: null },
      { status: 400, error: expect.stringMatching(/^\w+$/) },
    ]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});

describe("health", () => {
  test("is what the outlet's own calls have shown", async () => {
    let broken = false;
    const failing = <Kept extends object>(kept: Kept, names: readonly (keyof Kept)[]): Kept => {
      const one = { ...kept };
      for (const name of names) {
        const work = kept[name] as (...args: unknown[]) => unknown;
        one[name] = (async (...args: unknown[]) => {
          if (broken) throw new Error("away");
          return work.apply(kept, args);
        }) as Kept[typeof name];
      }
      return one;
    };
    const { observer, watched } = witness();
    const limiter = { ...createMemoryLimiter(), away: () => broken };
    const { post, outlet } = testOutlet({
      models: { m: model },
      store: failing(createMemoryStore(), ["get", "write"]),
      ledger: failing(createMemoryLedger(), ["open", "settle"]),
      limits: { limiter },
      observers: [observer],
    });
    const well = { open: true, underWay: 0, store: "working", ledger: "working", unsettled: 0, limiter: "working" };
    expect(outlet.health()).toEqual(well);
    broken = true;
    expect((await outlet.fetch("http://outlet/v1/responses/resp_1")).status).toBe(503);
    expect((await post("/chat/completions", ask("hi"))).status).toBe(503);
    expect(watched().health()).toMatchObject({ store: "failing", ledger: "failing", limiter: "failing" });
    broken = false;
    expect((await outlet.fetch("http://outlet/v1/responses/resp_1")).status).toBe(404);
    expect((await post("/chat/completions", ask("hi"))).status).toBe(200);
    expect(outlet.health()).toMatchObject({ store: "working", ledger: "working", limiter: "working" });
    expect([watched().hasModel("m"), watched().hasModel("other")]).toEqual([true, false]);
    await outlet.close();
    expect(outlet.health()).toMatchObject({ open: false, unsettled: 0 });
  });
});
