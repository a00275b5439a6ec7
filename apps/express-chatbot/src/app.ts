import { randomBytes } from "node:crypto";
import type { ModelMap, Outlet, Store } from "@outlet/core";
import { outlet } from "@outlet/express";
import express, { type Express } from "express";
import OpenAI from "openai";
import { chatRoutes } from "./chat.routes.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { page, securityHeaders } from "./page.ts";

export interface ChatbotOptions {
  /** What answers for which model id. */
  models: ModelMap;
  /** The model id that the chat page talks to. */
  model: string;
  /** The API key that opens `/v1` for SDKs. The page neither has nor needs it. */
  key: string;
  /** Where conversations are kept; default: in memory, and gone with the process. Closing the outlet closes it. */
  store?: Store;
  /** System message in front of every conversation. */
  instructions?: string;
  /** Bounds of a conversation; each has a default. */
  limits?: Partial<Limits>;
}

const INSTRUCTIONS = "You are a friendly assistant. Answer briefly, in plain words, in the language you are asked in.";

/** The whole app: the chat page at `/`, its endpoints at `/api`, and the OpenAI API at `/v1`. */
export function createApp(options: ChatbotOptions): { app: Express; outlet: Outlet } {
  const { models, model, key, store, instructions = INSTRUCTIONS, limits } = options;

  // Two ways in: SDKs come with the key; the page's conversations with one that never leaves this process. What one of them
  // has stored, the other cannot see: conversations belong to the id, which is the same after a restart.
  const ownKey = randomBytes(32).toString("base64url");
  const keys = { [key]: { id: "sdk" }, [ownKey]: { id: "chat-page" } };
  const v1 = outlet({ models, keys, ...(store && { store }) });

  // The official SDK, in process: same API, same access rules, no socket.
  // It asks once: the page has a Retry button, and one question should be one bill.
  const client = new OpenAI({
    baseURL: "http://outlet/v1",
    apiKey: ownKey,
    fetch: v1.outlet.fetch,
    maxRetries: 0,
  });

  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders);
  app.use("/v1", v1);
  app.use("/api", chatRoutes({ client, model, instructions, limits: { ...DEFAULT_LIMITS, ...limits } }));
  app.use(page);
  return { app, outlet: v1.outlet };
}
