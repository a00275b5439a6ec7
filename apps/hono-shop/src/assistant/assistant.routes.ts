import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import OpenAI from "openai";
import { jsonBody, textOf } from "../input.ts";
import type { Visit } from "../session/cookie.ts";
import type { Turn } from "../session/sessions.ts";
import { type Assistant, ask, forget, type Piece } from "./answer.ts";

/** What the page is told while an answer comes, one server-sent event each. */
export type AssistantEvent = Piece | { done: true } | { error: string };

/**
 * The conversation, below `/api/assistant`:
 *
 * - `GET /` → `{ model, turns }`
 * - `POST /` with `{ message }` → server-sent `AssistantEvent`s. Closing the request stops the answer.
 * - `DELETE /` → 204; forgets it
 */
export function assistantRoutes(assistant: Assistant, visit: Visit) {
  return new Hono()
    .get("/", async (c) => {
      const turns = (await visit.current(c))?.turns ?? [];
      return c.json({ model: assistant.model, turns: turns.map(shown) });
    })
    .post(
      "/",
      jsonBody(({ message }) => ({ message: textOf(message, "message", assistant.limits.maxQuestionLength) })),
      async (c) => {
        const session = await visit.open(c);
        const stop = new AbortController();
        // With these, compression and proxies do not hold back words until they have a block of them.
        c.header("x-accel-buffering", "no");
        return streamSSE(c, async (stream) => {
          const send = (event: AssistantEvent) => stream.writeSSE({ data: JSON.stringify(event) });
          stream.onAbort(() => stop.abort());
          try {
            try {
              for await (const piece of ask(assistant, session, c.req.valid("json").message, stop)) await send(piece);
            } finally {
              await visit.keep(session);
            }
            await send({ done: true });
          } catch (error) {
            console.error("assistant: the answer failed:", error instanceof Error ? error.message : error);
            await send({ error: inPlainWords(error) });
          }
        });
      },
    )
    .delete("/", async (c) => {
      const session = await visit.current(c);
      if (session) {
        await forget(assistant, session);
        await visit.keep(session);
      }
      return c.body(null, 204);
    });
}

const shown = ({ question, parts, stopped = false }: Turn) => ({ question, parts, stopped });

/** What the person in front of the page can use; the details are in the log. */
function inPlainWords(error: unknown): string {
  if (error instanceof OpenAI.RateLimitError) return "The assistant is busy right now. Wait a moment, then try again.";
  if (error instanceof OpenAI.BadRequestError) return "The assistant did not accept this message.";
  if (error instanceof OpenAI.APIError && error.status === undefined) return "The answer broke off.";
  return "The assistant could not be reached.";
}
