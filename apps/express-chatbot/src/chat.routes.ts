import { type ErrorRequestHandler, json, type Response, Router } from "express";
import OpenAI from "openai";
import { type Bot, createChat } from "./chat.ts";
import { currentConversation, dropCookie, openConversation } from "./session.ts";

/** What the page is told while an answer comes, one server-sent event each. `stopped`: the answer was cut at its limit. */
export type ChatEvent = { text: string } | { done: true; stopped?: true } | { error: string };

/**
 * The page's own endpoints, below `/api`:
 *
 * - `GET /conversation` → `{ model, messages }`
 * - `DELETE /conversation` → 204; forgets it
 * - `POST /chat` with `{ message }` → server-sent `ChatEvent`s. Closing the request stops the answer.
 */
export function chatRoutes(bot: Bot): Router {
  const router = Router();
  const chat = createChat(bot);

  router.get("/conversation", async (req, res) => {
    const conversation = await currentConversation(req, bot.client);
    const messages = conversation === undefined ? [] : await chat.messages(conversation);
    res.json({ model: bot.model, messages });
  });

  router.delete("/conversation", async (req, res) => {
    const conversation = await currentConversation(req, bot.client);
    if (conversation !== undefined) await chat.forget(conversation);
    dropCookie(res);
    res.status(204).end();
  });

  // More than the limit, since JSON has quotes and escapes: what is a little too long is told how long it may be.
  router.post("/chat", json({ limit: bot.limits.maxQuestionBytes * 2 + 1_024 }), async (req, res) => {
    const question = readQuestion(req.body, bot.limits.maxQuestionBytes);
    if ("problem" in question) {
      res.status(400).json({ error: question.problem });
      return;
    }
    const conversation = await openConversation(req, res, bot.client);
    // The headers go out before the first word: with them the cookie, also to a person who stops at once.
    res.writeHead(200, EVENT_STREAM).flushHeaders();
    const stop = new AbortController();
    res.on("close", () => {
      if (!res.writableFinished) stop.abort();
    });
    try {
      const answer = chat.ask(conversation, question.text, stop);
      let piece = await answer.next();
      for (; !piece.done; piece = await answer.next()) send(res, { text: piece.value });
      send(res, piece.value ? { done: true } : { done: true, stopped: true });
    } catch (error) {
      console.error("chat: the answer failed:", error instanceof Error ? error.message : error);
      send(res, { error: inPlainWords(error) });
    }
    res.end();
  });

  router.use((_req, res) => {
    res.status(404).json({ error: "There is nothing at this address." });
  });
  router.use(failure);
  return router;
}

/** The last two keep compression and proxies from holding back words until they have a block of them. */
const EVENT_STREAM = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

function send(res: Response, event: ChatEvent): void {
  if (!res.closed) res.write(`data: ${JSON.stringify(event)}\n\n`);
}

function readQuestion(body: unknown, maxBytes: number): { text: string } | { problem: string } {
  const message = typeof body === "object" && body !== null && "message" in body ? body.message : undefined;
  if (typeof message !== "string") return { problem: 'Send JSON with a text: {"message": "…"}.' };
  const text = message.trim();
  if (text === "") return { problem: "Write something first." };
  if (Buffer.byteLength(text) > maxBytes) return { problem: `That is too long: a message may have ${maxBytes} bytes.` };
  return { text };
}

/** What the person in front of the page can use; the details are in the log. */
function inPlainWords(error: unknown): string {
  if (error instanceof OpenAI.RateLimitError) return "The model is busy right now. Wait a moment, then try again.";
  if (error instanceof OpenAI.BadRequestError) return "The model did not accept this message.";
  if (error instanceof OpenAI.APIError && error.status === undefined) return "The answer broke off.";
  return "The model could not be reached.";
}

/** `express.json()` reports what it cannot read as an error with a 4xx status; the SDK's errors are the API's trouble, not the browser's. */
const failure: ErrorRequestHandler = (error, _req, res, next) => {
  const { status = 500 } = error as { status?: number };
  if (res.headersSent) next(error);
  else if (status < 500 && !(error instanceof OpenAI.APIError)) {
    res.status(status).json({ error: status === 413 ? "That is too long." : "The request could not be read." });
  } else {
    console.error("chat: a request failed:", error instanceof Error ? error.message : error);
    res.status(503).json({ error: "The chat cannot do this just now. Try again in a moment." });
  }
};
