import { expect, it } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { createMemoryLedger } from "../ledger/memory-ledger.ts";
import type { OutletOptions } from "../options.ts";
import { createOutlet } from "../outlet.ts";
import { ask, forwardEngine, testOutlet } from "../test-support.ts";
import type { FlaggedCall, PolicyOptions } from "./policy.options.ts";

const OMNI = "omni-moderation-latest";

/** All is violent that has "bad" in it; what has "breaks" in it cannot be judged. */
function guarded(policy: PolicyOptions, options: Partial<OutletOptions> = {}) {
  const flagged: FlaggedCall[] = [];
  let asked = 0;
  let judged = 0;
  const models = {
    m: defineModel({
      chat: () => {
        asked += 1;
        return "Hello.";
      },
      complete: () => {
        asked += 1;
        return "x";
      },
      embed: ({ input }) => {
        asked += 1;
        return input.map(() => [1]);
      },
    }),
    up: forwardEngine({
      status: 200,
      headers: {},
      body: new TextEncoder().encode('{"usage":{"prompt_tokens":5,"completion_tokens":2}}'),
    }),
    [OMNI]: defineModel({
      moderate({ input }) {
        judged += 1;
        const texts = input.map((parts) => JSON.stringify(parts));
        if (texts.some((text) => text.includes("breaks"))) throw new Error("x");
        return texts.map((text) => ({ violence: text.includes("bad") ? 1 : 0 }));
      },
    }),
  };
  const keys = { "sk-a": { id: "a", project: "a" }, "sk-b": { id: "b", project: "b" } };
  const onFlagged = (call: FlaggedCall) => void flagged.push(call);
  const made = testOutlet({ models, keys, policy: { onFlagged, ...policy }, ...options });
  const post = (path: string, body: object, key = "sk-a") =>
    made.post(path, body, { headers: { "content-type": "application/json", authorization: `Bearer ${key}` } });
  return { ...made, post, flagged, asked: () => asked, judged: () => judged };
}

const BAD: readonly (readonly [path: string, body: object, param: string])[] = [
  ["/chat/completions", ask("bad"), "messages"],
  ["/chat/completions", ask("bad", { stream: true }), "messages"],
  ["/chat/completions", ask("bad", { model: "up" }), "messages"],
  [
    "/chat/completions",
    ask("x", { tools: [{ type: "function", function: { name: "f", description: "bad" } }] }),
    "messages",
  ],
  ["/completions", { model: "m", prompt: ["good", "bad"] }, "prompt"],
  ["/embeddings", { model: "m", input: "bad" }, "input"],
  ["/responses", { model: "m", input: "bad" }, "input"],
  ["/responses", { model: "m", input: "bad", background: true }, "input"],
  ["/responses", { model: "m", input: "x", instructions: "bad" }, "input"],
  ["/responses/compact", { model: "m", input: "bad" }, "input"],
  ["/conversations", { items: [{ type: "message", role: "user", content: "bad" }] }, "items"],
];

it.each(BAD)("%s with flagged input is refused before anybody is asked", async (path, body, param) => {
  const { post, flagged, asked, settled } = guarded({ input: "block" });
  const response = await post(path, { ...body, ...("model" in body && !path.includes("compact") && { user: "u-1" }) });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "moderation_blocked", param } });
  expect(asked()).toBe(0);
  expect(flagged).toMatchObject([{ principal: { id: "a" }, action: "block", categories: ["violence"] }]);
  if ("model" in body && !path.includes("compact")) expect(flagged[0]?.safetyIdentifier).toBe("u-1");
  expect(settled[0]?.usage).toMatchObject({ estimated: true });
});

it("lets through what is not flagged, and meters what judging took", async () => {
  const { post, flagged, settled } = guarded({ input: "block" });
  expect((await post("/chat/completions", ask("four"))).status).toBe(200);
  expect((await post("/chat/completions", ask("four", { model: "up" }))).status).toBe(200);
  expect(flagged).toEqual([]);
  const [own, relayed] = settled;
  expect(relayed?.usage).toMatchObject({ input_tokens: 5 + 1, output_tokens: 2 });
  expect(own?.usage?.input_tokens).toBeGreaterThan(1);
});

it("tells of flagged input where the rule is to log", async () => {
  const { post, flagged, asked, logged } = guarded({ input: "log" });
  expect((await post("/chat/completions", ask("bad", { safety_identifier: "s-1", user: "u-1" }))).status).toBe(200);
  expect(asked()).toBe(1);
  expect(flagged).toMatchObject([{ operationId: "createChatCompletion", action: "log", safetyIdentifier: "s-1" }]);
  expect(JSON.stringify(logged)).not.toContain("bad");
});

it("does not let through what cannot be judged, unless the rule is to log", async () => {
  expect((await guarded({ input: "block" }).post("/chat/completions", ask("breaks"))).status).toBe(500);
  const { post, logged } = guarded({ input: "log" });
  expect((await post("/chat/completions", ask("breaks"))).status).toBe(200);
  expect(logged.map(({ message }) => message)).toContain("input could not be judged, and was let through");
});

it("goes by the project's own rule where it has one", async () => {
  const { post, judged } = guarded({ input: "block", projects: { b: {} } });
  expect((await post("/chat/completions", ask("bad"), "sk-b")).status).toBe(200);
  expect(judged()).toBe(0);
  expect((await post("/chat/completions", ask("bad"), "sk-a")).status).toBe(400);
  const other = guarded({ projects: { b: { input: "block" } } });
  expect((await other.post("/chat/completions", ask("bad"), "sk-a")).status).toBe(200);
  expect((await other.post("/chat/completions", ask("bad"), "sk-b")).status).toBe(400);
});

it("judges tokens that it can read, and refuses those that it cannot", async () => {
  const { post } = guarded({ input: "block" });
  for (const input of [[1, 2], [[1, 2]]]) {
    const { error } = await (await post("/embeddings", { model: "m", input })).json();
    expect(error).toMatchObject({ code: "unsupported_parameter", param: "input" });
  }
  const tokenizer = { count: () => 1, truncate: (text: string) => text, decode: () => "bad" };
  const reading = guarded({ input: "block" }, { tokenizer });
  const { error } = await (await reading.post("/embeddings", { model: "m", input: [[1, 2]] })).json();
  expect(error).toMatchObject({ code: "moderation_blocked" });
});

it("goes on when the host's own code throws", async () => {
  const onFlagged = () => {
    throw new Error("x");
  };
  const { post, logged } = guarded({ input: "log", onFlagged });
  expect((await post("/chat/completions", ask("bad"))).status).toBe(200);
  expect(logged.map(({ message }) => message)).toContain("policy.onFlagged threw");
});

it("does not start with a rule that is none, or where nobody judges", () => {
  const models = { m: defineModel(() => "x") };
  const start =
    (policy: unknown, more: object = {}) =>
    () =>
      createOutlet({ models, access: "open", policy: policy as PolicyOptions, ...more });
  expect(start({ input: "block" })).toThrow(/nobody moderates/);
  const moderation = { model: "m" };
  expect(start({ input: "forbid" }, { moderation })).toThrow(/policy\.input/);
  expect(start({ projects: { p: { input: "forbid" } } }, { moderation })).toThrow(/projects\["p"\]/);
});

it("reserves what judging is going to take, and charges what it took", async () => {
  const ledger = createMemoryLedger();
  const opened: LedgerEntry[] = [];
  const watched: Ledger = {
    ...ledger,
    open(entry, options) {
      opened.push(entry);
      return ledger.open(entry, options);
    },
  };
  const body = ask("x".repeat(400), { max_tokens: 1_000 });
  const estimateOf = async (policy: PolicyOptions, more: object = {}, options: Partial<OutletOptions> = {}) => {
    await guarded(policy, { ledger: watched, ...options }).post("/chat/completions", { ...body, ...more });
    const { input_tokens, output_tokens } = (opened.at(-1) as LedgerEntry).estimate;
    return [input_tokens, output_tokens];
  };
  const [sent = 0, answered] = await estimateOf({});
  expect(answered).toBe(1_000);
  expect(await estimateOf({ input: "log" })).toEqual([2 * sent, 1_000]);
  expect(await estimateOf({ output: "block" })).toEqual([sent + 1_000, 1_000]);
  expect(await estimateOf({ output: "block" }, { n: 2 })).toEqual([sent + 2_000, 2_000]);
  // Four windows, each with so many characters before it again.
  expect(await estimateOf({ output: "block" }, { stream: true })).toEqual([sent + 1_000 + 4 * 64, 1_000]);
  expect(await estimateOf({ output: "log" }, { stream: true })).toEqual([sent + 1_000, 1_000]);
  const byChat = { models: { m: defineModel(() => "x") }, moderation: { model: "m" } };
  expect(await estimateOf({ input: "log", output: "log" }, {}, byChat)).toEqual([2 * sent + 1_000 + 1_400, 1_400]);
  const { post } = guarded({ input: "log", output: "log" }, { ledger: watched });
  await post("/embeddings", { model: "m", input: "x".repeat(40) });
  await post("/moderations", { input: "x".repeat(40) });
  expect(opened.slice(-2).map(({ estimate }) => estimate.input_tokens)).toEqual([20, 10]);
});
