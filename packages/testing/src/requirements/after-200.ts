import assert from "node:assert/strict";
import { ApiError } from "@outlet/core";
import OpenAI from "openai";
import { CHAT, COMPLETIONS, chatBody, completionBody, SAY_HELLO } from "../kit/ask.ts";
import { assertErrorObject, type ExpectedError } from "../kit/assert-error.ts";
import { readEvents } from "../kit/event-stream.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { MODELS } from "../kit/models.ts";
import { sse, upstreamChunk, upstreamStream } from "../kit/upstream.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const reference = PAGES.streaming;
const streams = ["createChatCompletion", "createCompletion"];
const CHAT_STREAM = { path: CHAT, body: chatBody({ stream: true }) };
const TEXT_STREAM = { path: COMPLETIONS, body: completionBody({ stream: true }) };
const UPSTREAM_STREAM = { path: CHAT, body: chatBody({ model: MODELS.upstream, stream: true }) };

/** Requirements on streams that go wrong when their 200 is already out. */
export const after200Requirements: readonly Requirement[] = [
  {
    id: "after-200.opaque",
    title:
      "An engine that fails mid-stream ends it in an opaque error event, with no `[DONE]`; the call is settled as failed.",
    reference,
    operations: streams,
    async run(context) {
      async function* fail() {
        yield "said before";
        throw new Error("kit-secret: out of memory at 0xdead");
      }
      context.engines.play({ chat: fail, text: fail });
      for (const request of [CHAT_STREAM, TEXT_STREAM]) {
        const text = await endsInError(context, request, { type: "server_error" });
        assert.ok(text.includes("said before"), "what came before the failure is missing");
        assert.ok(!text.includes("secret"), text);
      }
    },
  },
  {
    id: "after-200.own",
    title: "An engine's ApiError mid-stream keeps its type, code, param and message in the error event.",
    reference,
    operations: streams,
    async run(context) {
      async function* fail() {
        yield "said before";
        throw new ApiError({
          status: 429,
          type: "tokens",
          code: "rate_limit_exceeded",
          param: "model",
          message: "Enough.",
        });
      }
      context.engines.play({ chat: fail, text: fail });
      const expected = { type: "tokens", code: "rate_limit_exceeded", param: "model", message: /^Enough\.$/ };
      for (const request of [CHAT_STREAM, TEXT_STREAM]) await endsInError(context, request, expected);
    },
  },
  {
    id: "after-200.sdk",
    title: "The SDK gives what came before the failure, then throws APIError.",
    reference,
    operations: ["createChatCompletion"],
    async run({ client, engines }) {
      engines.play({
        async *chat() {
          yield "said before";
          throw new Error("kit-secret");
        },
      });
      const stream = await client.chat.completions.create({
        model: MODELS.chat,
        messages: [...SAY_HELLO],
        stream: true,
      });
      let text = "";
      const read = async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      };
      await assert.rejects(read(), (error) => error instanceof OpenAI.APIError && !error.message.includes("secret"));
      assert.equal(text, "said before");
    },
  },
  {
    id: "after-200.no-ending",
    title: "An engine whose stream ends without a `finish_reason` has failed: error event, no `[DONE]`.",
    reference: PAGES.chatStreaming,
    operations: streams,
    async run(context) {
      const head = { id: "x", created: 1, model: "m" };
      context.engines.play({
        async *engineChat() {
          yield {
            ...head,
            object: "chat.completion.chunk",
            choices: [{ index: 0, delta: { content: "half" }, finish_reason: null }],
          };
        },
        async *engineComplete() {
          yield {
            ...head,
            object: "text_completion",
            choices: [{ index: 0, text: "half", logprobs: null, finish_reason: null }],
          };
        },
      });
      const model = MODELS.engine;
      const requests = [
        { path: CHAT, body: chatBody({ model, stream: true }) },
        { path: COMPLETIONS, body: completionBody({ model, stream: true }) },
      ];
      for (const request of requests) await endsInError(context, request, { type: "server_error" });
    },
  },
  {
    id: "after-200.upstream.cut-off",
    title: "An upstream whose stream ends without `[DONE]`, or inside an event, has failed: error event, no `[DONE]`.",
    reference: PAGES.chatStreaming,
    operations: ["createChatCompletion"],
    async run(context) {
      const whole = sse(upstreamChunk("half"));
      for (const pieces of [[whole], [whole, whole.slice(0, 20)]]) {
        context.engines.play({ upstream: async () => upstreamStream(pieces) });
        const text = await endsInError(context, UPSTREAM_STREAM, { type: "server_error" });
        assert.ok(text.startsWith(whole));
      }
    },
  },
  {
    id: "after-200.upstream.broken",
    title: "An upstream that breaks off mid-stream ends it in an opaque error event.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      async function* pieces() {
        yield sse(upstreamChunk("half"));
        throw new Error("read ECONNRESET kit-secret:443");
      }
      context.engines.play({ upstream: async () => upstreamStream(pieces()) });
      const text = await endsInError(context, UPSTREAM_STREAM, { type: "server_error" });
      assert.ok(!text.includes("secret"), text);
    },
  },
  {
    id: "after-200.upstream.error-event",
    title: "An upstream's own error event reaches the client, and the call is settled as failed.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      const error = { message: "Overloaded.", type: "server_error", param: null, code: "overloaded" };
      context.engines.play({ upstream: async () => upstreamStream([sse(upstreamChunk("half")), sse({ error })]) });
      await endsInError(context, UPSTREAM_STREAM, {
        type: "server_error",
        code: "overloaded",
        message: /^Overloaded\.$/,
      });
    },
  },
];

/** Streams until the error event that must end it; gives the whole text. The call must be settled as failed, with usage. */
async function endsInError(
  { http, settled }: RequirementContext,
  request: RawRequest,
  expected: Omit<ExpectedError, "status">,
): Promise<string> {
  const { data, text, headers } = await readEvents(http, request);
  assert.ok(!data.includes("[DONE]"), "a stream that failed looks complete");
  const events = data.map((one) => JSON.parse(one) as { error?: Record<string, unknown> });
  assert.ok(events.length > 1 && events.slice(0, -1).every(({ error }) => error === undefined));
  const error = events.at(-1)?.error;
  assert.ok(error, "the stream does not end in an error event");
  assertErrorObject(error, expected);
  const call = await settled.of(headers["x-request-id"]);
  assert.deepEqual([call.outcome, call.status], ["failed", 200]);
  assert.ok((call.usage?.output_tokens ?? 0) > 0, "what was said before the failure is not metered");
  return text;
}
