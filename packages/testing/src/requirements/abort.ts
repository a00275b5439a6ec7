import assert from "node:assert/strict";
import { CHAT, COMPLETIONS, chatBody, completionBody, EMBEDDINGS, embeddingBody, ok, SAY_HELLO } from "../kit/ask.ts";
import { type Answering, type EngineOperation, engineOperations } from "../kit/engine-operations.ts";
import { deaf, deafEngine, deafStream, heldStream } from "../kit/held-engines.ts";
import { leavesBeforeReply, leavesMidStream, stopsInTime } from "../kit/leaving.ts";
import { CALLER_HEADER, MODELS } from "../kit/models.ts";
import { gate, within } from "../kit/within.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const STREAM = { stream: true };
const reference = PAGES.chatStreaming;
const streaming = engineOperations.filter(({ streams }) => streams !== undefined);

/**
 * Clients that leave, in every phase of every operation that reaches an engine, whatever kind of model answers: a
 * function, an engine, an upstream. Each engine call must be stopped within 100 ms of the server's noticing.
 */
export const abortRequirements: readonly Requirement[] = [
  ...engineOperations.flatMap((operation) => [whole(operation), ...(operation.streams ? streamed(operation) : [])]),
  {
    id: "abort.chat.n",
    title: "A client that leaves a stream of several choices stops all of them.",
    reference,
    operations: ["createChatCompletion"],
    run: (context) =>
      leavesMidStream(context, {
        request: { path: CHAT, body: chatBody({ stream: true, n: 3 }) },
        engine: () => heldStream({ ability: "chat" }, { piece: "one two three", calls: 3 }),
        calls: 3,
      }),
  },
  {
    id: "abort.chat.sdk",
    title: "Breaking out of the SDK's stream stops the engine.",
    reference,
    operations: ["createChatCompletion"],
    run(context) {
      const { client, engines } = context;
      return stopsInTime(context, async ({ headers, begin }) => {
        const { script, closed } = heldStream({ ability: "chat" }, { piece: "one two three" });
        engines.play(script);
        const stream = await client.chat.completions.create(
          { model: MODELS.chat, messages: [...SAY_HELLO], stream: true },
          { headers },
        );
        for await (const _ of stream) {
          begin();
          break;
        }
        return { calls: engines.calls.slice(-1), closed };
      });
    },
  },
  {
    id: "abort.completions.prompts",
    title: "A client that leaves a completion of several prompts stops the engine for every prompt.",
    reference: PAGES.completions,
    operations: ["createCompletion"],
    run: (context) =>
      leavesBeforeReply(context, {
        request: { path: COMPLETIONS, body: completionBody({ model: MODELS.engine, prompt: ["a", "b"] }) },
        engine: () => deafEngine({ ability: "engineComplete" }),
        calls: 2,
      }),
  },
  {
    id: "abort.deaf",
    title: "A stream whose engine ignores its signal and will not be closed is not waited for.",
    reference,
    operations: streaming.map(({ id }) => id),
    async run(context) {
      for (const operation of streaming) {
        for (const kind of operation.answering) {
          const request = operation.request(kind.model, STREAM);
          await leavesBeforeReply(context, { request, engine: () => deafStream(kind) });
          await leavesMidStream(context, { request, engine: () => deafStream(kind, kind) });
        }
      }
    },
  },
  {
    id: "abort.host",
    title:
      "A client that leaves while the host's `authenticate` is at work is settled as cancelled; no engine goes on.",
    reference: PAGES.authentication,
    operations: ["createChatCompletion"],
    async run({ http, engines, settled }) {
      const arrived = gate();
      const answered = gate();
      const host = () => {
        arrived.open();
        return answered.opened;
      };
      engines.play({ host, engineChat: deaf });
      const caller = "caller-who-leaves";
      const settling = settled.by(caller);
      const body = chatBody({ model: MODELS.engine });
      const begun = http.begin({ path: CHAT, body, headers: { [CALLER_HEADER]: caller }, key: null });
      await within("the call of the host's authenticate", arrived.opened);
      begun.leave();
      // Another round trip, so that the server has heard of it; if it has not, the engine is reached and must be stopped.
      await http.send({ path: "/models" });
      answered.open();
      assert.equal((await settling).outcome, "cancelled");
      for (const call of engines.calls) await within("the abort of the engine's signal", call.stopped);
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

function whole({ id, topic, noun, reference, answering, request }: EngineOperation): Requirement {
  return {
    id: `abort.${topic}.whole`,
    title: `A client that leaves a ${noun} that is not streamed stops its engine within 100 ms, even one that ignores its signal.`,
    reference,
    operations: [id],
    async run(context) {
      for (const kind of answering) {
        await leavesBeforeReply(context, { request: request(kind.model), engine: () => deafEngine(kind) });
      }
    },
  };
}

function streamed({ id, topic, noun, streams = "", answering, request }: EngineOperation): Requirement[] {
  const phase = (
    name: string,
    title: string,
    leave: (kind: Answering, context: RequirementContext) => Promise<void>,
  ) => ({
    id: `abort.${topic}.${name}`,
    title,
    reference: streams,
    operations: [id],
    async run(context: RequirementContext) {
      for (const kind of answering) await leave(kind, context);
    },
  });
  const streamOf = ({ model }: Answering) => request(model, STREAM);
  return [
    phase(
      "before-headers",
      `A client that leaves a streamed ${noun} before its headers stops the engine within 100 ms.`,
      (kind, context) => leavesBeforeReply(context, { request: streamOf(kind), engine: () => deafEngine(kind) }),
    ),
    phase(
      "before-first-token",
      `A client that leaves a streamed ${noun} before its first token stops the engine within 100 ms and closes its stream.`,
      (kind, context) => leavesBeforeReply(context, { request: streamOf(kind), engine: () => heldStream(kind) }),
    ),
    phase(
      "mid-stream",
      `A client that leaves a ${noun} mid-stream stops the engine within 100 ms, and is billed for what was said until then.`,
      (kind, context) => leavesMidStream(context, { request: streamOf(kind), engine: () => heldStream(kind, kind) }),
    ),
  ];
}
