import { randomBytes } from "node:crypto";
import { createMemoryStore, type ModelMap, type Store } from "@outlet/core";
import { outlet } from "@outlet/hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import OpenAI from "openai";
import { assistantRoutes } from "./assistant/assistant.routes.ts";
import { discard } from "./assistant/thread.ts";
import { basketRoutes } from "./basket/basket.routes.ts";
import { catalogueRoutes } from "./catalogue/catalogue.routes.ts";
import { catalogue } from "./catalogue/products.ts";
import { createSearch } from "./catalogue/search.ts";
import { page, securityHeaders } from "./page.ts";
import { createVisits } from "./session/cookie.ts";
import { createSessions, DEFAULT_LIMITS, type Limits } from "./session/sessions.ts";

export interface ShopOptions {
  /** What answers for which model id. */
  models: ModelMap;
  /** The model id that the assistant speaks with. It has to know tools. */
  model: string;
  /** The model id that makes the vectors for the search. */
  embeddingModel: string;
  /** The API key that opens `/v1` for SDKs. The page neither has nor needs it. */
  key: string;
  /** Send the session's cookie over HTTPS only; default `false`. */
  secureCookies?: boolean;
  /** Where sessions and the assistant's responses are kept; default: in memory. Closing the outlet closes it. */
  store?: Store;
  /** System message in front of every conversation. */
  instructions?: string;
  /** Bounds of what is remembered; each has a default. */
  limits?: Partial<Limits>;
}

const INSTRUCTIONS = `You are the assistant of Holm, a shop for clothes and things for the outdoors. Help people find, compare and buy.
Only speak of products that search_products has found, and call them by their exact names: the page then shows them.
Check the stock before you promise anything. Change the basket only when you are asked to. Answer briefly, in plain words,
in the language you are asked in. Use short lists with "- " for several products.`;

/** Bytes of a request to the page's own endpoints. */
const MAX_BODY = 16 * 1024;

/**
 * The whole app: the shop's page at `/`, its endpoints at `/api`, and the OpenAI API at `/v1`.
 * Embeds the catalogue first, so it asks the embedding model once before anybody has come.
 *
 * @throws what the SDK throws when the embedding model does not answer.
 */
export async function createApp(options: ShopOptions) {
  const { models, model, embeddingModel, key, secureCookies = false, instructions = INSTRUCTIONS } = options;
  const { store = createMemoryStore() } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };

  // Two ways in: SDKs come with the key; the shop itself with one that never leaves this process.
  const ownKey = randomBytes(32).toString("base64url");
  const keys = { [key]: { id: "sdk" }, [ownKey]: { id: "shop" } };
  const v1 = outlet({ models, keys, store });

  // The official SDK, in process: same API, same access rules, no socket.
  // It asks once: the page has a Retry button, and one question should be one bill.
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: ownKey, fetch: v1.outlet.fetch, maxRetries: 0 });

  const search = await createSearch([...catalogue.values()], client, embeddingModel);
  const sessions = createSessions(store, limits, ({ responses }) => discard(client, responses));
  const visit = createVisits(sessions, secureCookies);

  const api = new Hono()
    .use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => c.json({ error: "That is too long." }, 413) }))
    .route("/products", catalogueRoutes(search))
    .route("/basket", basketRoutes(visit))
    .route("/assistant", assistantRoutes({ client, model, instructions, search, limits }, visit));

  const app = new Hono().use(securityHeaders).route("/v1", v1).route("/api", api).use(page);
  app.notFound((c) => c.json({ error: "There is nothing at this address." }, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    if (!c.req.raw.signal.aborted) console.error("shop: a request failed:", error.message);
    return c.json({ error: "The shop could not do this just now. Try again in a moment." }, 500);
  });
  return { app, outlet: v1.outlet };
}

/** The app's type: what makes `hc<ShopApp>(url)` a typed client of all its endpoints. */
export type ShopApp = Awaited<ReturnType<typeof createApp>>["app"];
