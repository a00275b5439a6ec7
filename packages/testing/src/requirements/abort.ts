import assert from "node:assert/strict";
import { CHAT, COMPLETIONS, chatBody, completionBody, EMBEDDINGS, embeddingBody, ok, SAY_HELLO } from "../kit/ask.ts";
import { eventReader } from "../kit/event-stream.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { MODELS } from "../kit/models.ts";
import type { Script } from "../kit/script.ts";
import type { EngineCall, ScriptedEngines } from "../kit/scripted-engines.ts";
import { sse, upstreamChunk, upstreamStream } from "../kit/upstream.ts";
import { aborted, gate, within } from "../kit/within.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const reference = PAGES.chatStreaming;
const model = MODELS.engine;

/** Never answers, whatever its signal says: the server must not wait for it. */
const deaf = () => new Promise<never>(() => {});

export const abortRequirements: readonly Requirement[] = [
  {
    id: "abort.chat.whole",
    title: "A client that leaves a chat that is not streamed cancels its engine, even one that ignores its signal.",
    reference: PAGES.chat,
    operations: ["createChatCompletion"],
    run: (context) => leavesBeforeReply(context, { path: CHAT, body: chatBody({ model }) }, { engineChat: deaf }),
  },
  {
    id: "abort.chat.before-headers",
    title: "A client that leaves a streamed chat before its headers cancels the engine.",
    reference,
    operations: ["createChatCompletion"],
    run: (context) =>
      leavesBeforeReply(context, { path: CHAT, body: chatBody({ model, stream: true }) }, { engineChat: deaf }),
  },
  {
    id: "abort.chat.before-first-token",
    title: "A client that leaves before the first token cancels the engine, and its generator's `finally` runs.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      const ended = gate();
      // biome-ignore lint/correctness/useYield: it is cancelled before it has said anything.
      async function* chat({ signal }: { signal: AbortSignal }): AsyncGenerator<string> {
        try {
          await aborted(signal);
        } finally {
          ended.open();
        }
      }
      await leavesBeforeReply(context, { path: CHAT, body: chatBody({ stream: true }) }, { chat });
      await within("the generator's finally", ended.opened);
    },
  },
  {
    id: "abort.chat.mid-stream",
    title: "A client that leaves mid-stream cancels the engine, and is billed for what was said until then.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      const { talk, ended } = talker();
      await leavesMidStream(context, { path: CHAT, body: chatBody({ stream: true }) }, { chat: talk });
      await within("the generator's finally", ended);
    },
  },
  {
    id: "abort.chat.n",
    title: "A client that leaves a stream of several choices cancels all of them.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      const { talk, ended } = talker(3);
      await leavesMidStream(context, { path: CHAT, body: chatBody({ stream: true, n: 3 }) }, { chat: talk }, 3);
      await within("the finally of all three generators", ended);
      assert.ok(context.engines.calls.every(({ signal }) => signal.aborted));
    },
  },
  {
    id: "abort.chat.sdk",
    title: "Breaking out of the SDK's stream cancels the engine.",
    reference,
    operations: ["createChatCompletion"],
    async run({ client, engines, settled }) {
      const { talk, ended } = talker();
      engines.play({ chat: talk });
      const stream = await client.chat.completions.create({
        model: MODELS.chat,
        messages: [...SAY_HELLO],
        stream: true,
      });
      for await (const _ of stream) break;
      await within("the generator's finally", ended);
      const call = await settled.of(engines.calls[0]?.requestId);
      assert.equal(call.outcome, "cancelled");
    },
  },
  {
    id: "abort.completions.whole",
    title: "A client that leaves a completion that is not streamed cancels the engine for every prompt.",
    reference: PAGES.completions,
    operations: ["createCompletion"],
    async run(context) {
      const body = completionBody({ model, prompt: ["a", "b"] });
      await leavesBeforeReply(context, { path: COMPLETIONS, body }, { engineComplete: deaf }, 2);
      assert.equal(context.engines.calls.length, 2);
      assert.ok(context.engines.calls.every(({ signal }) => signal.aborted));
    },
  },
  {
    id: "abort.completions.mid-stream",
    title: "A client that leaves a streamed completion cancels the engine, and is billed for what was said until then.",
    reference: PAGES.completions,
    operations: ["createCompletion"],
    async run(context) {
      const { talk, ended } = talker();
      const request = { path: COMPLETIONS, body: completionBody({ stream: true }) };
      await leavesMidStream(context, request, { text: talk });
      await within("the generator's finally", ended);
    },
  },
  {
    id: "abort.embeddings",
    title: "A client that leaves while its texts are embedded cancels the engine.",
    reference: PAGES.embeddings,
    operations: ["createEmbedding"],
    run: (context) =>
      leavesBeforeReply(context, { path: EMBEDDINGS, body: embeddingBody({ model }) }, { engineEmbed: deaf }),
  },
  {
    id: "abort.forward.before-headers",
    title: "A client that leaves before the upstream has answered cancels the request to it, on every operation.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "createCompletion", "createEmbedding"],
    async run(context) {
      const upstream = { model: MODELS.upstream };
      const requests = [
        { path: CHAT, body: chatBody(upstream) },
        { path: CHAT, body: chatBody({ ...upstream, stream: true }) },
        { path: COMPLETIONS, body: completionBody(upstream) },
        { path: EMBEDDINGS, body: embeddingBody(upstream) },
      ];
      for (const request of requests) await leavesBeforeReply(context, request, { upstream: deaf });
    },
  },
  {
    id: "abort.forward.mid-stream",
    title: "A client that leaves a forwarded stream cancels the request upstream and closes its body.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      const ended = gate();
      const upstream: Script["upstream"] = async (_, { signal }) => {
        async function* pieces() {
          try {
            yield sse(upstreamChunk("one"));
            await aborted(signal);
          } finally {
            ended.open();
          }
        }
        return upstreamStream(pieces());
      };
      const body = chatBody({ model: MODELS.upstream, stream: true });
      await leavesMidStream(context, { path: CHAT, body }, { upstream });
      await within("the end of the upstream's body", ended.opened);
    },
  },
  {
    id: "abort.none",
    title: "A client that stays to the end cancels nothing: the signal of a finished call never aborts.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "createEmbedding"],
    async run(context) {
      await ok(context, CHAT, chatBody());
      await ok(context, EMBEDDINGS, embeddingBody());
      const reply = await context.http.send({ path: CHAT, body: chatBody({ stream: true }) });
      const call = await context.settled.of(reply.headers["x-request-id"]);
      assert.equal(call.outcome, "completed");
      // Another round trip, so that a late `close` of the ones before has arrived.
      await context.http.send({ path: "/models" });
      for (const { signal, ability } of context.engines.calls) assert.ok(!signal.aborted, ability);
    },
  },
];

/** Leaves as soon as the engine was reached; the engine must be told and the call settled as cancelled. */
async function leavesBeforeReply(
  context: RequirementContext,
  request: RawRequest,
  script: Partial<Script>,
  calls?: number,
) {
  const { http, engines } = context;
  engines.play(script);
  const reached = reachedBy(engines, calls);
  const begun = http.begin(request);
  const call = await reached;
  begun.leave();
  await assertCancelled(context, call);
  await assert.rejects(within("the client's own abort", begun.response), "the client got a reply after it had left");
}

/** Leaves after the first event. */
async function leavesMidStream(
  context: RequirementContext,
  request: RawRequest,
  script: Partial<Script>,
  calls?: number,
) {
  const { http, engines } = context;
  engines.play(script);
  const reached = reachedBy(engines, calls);
  const opened = await http.open(request);
  const first = await eventReader(opened).next();
  assert.match(first ?? "", /^\{/);
  const call = await reached;
  assert.ok(!call.signal.aborted);
  opened.leave();
  const { output_tokens = 0 } = (await assertCancelled(context, call)).usage ?? {};
  assert.ok(output_tokens > 0, "what was said until then is not metered");
}

/** Resolves with the first call when that many, from now on, have reached an engine. */
async function reachedBy(engines: ScriptedEngines, calls = 1): Promise<EngineCall> {
  const before = engines.calls.length;
  while (engines.calls.length < before + calls) await within("the engine's call", engines.nextCall());
  return engines.calls[before] as EngineCall;
}

async function assertCancelled({ settled }: RequirementContext, call: EngineCall) {
  await within("the abort of the engine's signal", aborted(call.signal));
  const record = await settled.of(call.requestId);
  assert.equal(record.outcome, "cancelled");
  return record;
}

/** A generator that says one thing and then goes on until it is cancelled; `ended` when all of its calls have. */
function talker(calls = 1) {
  const ended = gate();
  let running = calls;
  async function* talk({ signal }: { signal: AbortSignal }): AsyncGenerator<string> {
    try {
      yield "one two three";
      await aborted(signal);
    } finally {
      running -= 1;
      if (running === 0) ended.open();
    }
  }
  return { talk, ended: ended.opened };
}
