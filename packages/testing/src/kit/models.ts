import {
  ApiError,
  createMemoryLedger,
  defineModel,
  type Exchange,
  type OutletOptions,
  type Principal,
} from "@outlet/core";
import { kitInstances, RESERVED } from "./instance.ts";
import { kitMcp } from "./mcp-connector.ts";
import { OWN_ROUTE, OWN_ROUTE_LIMIT } from "./own-route.ts";
import type { Script } from "./script.ts";
import type { SettledCalls } from "./settled-calls.ts";

/** The ids of the kit's models, by what answers for them. */
export const MODELS = {
  /** A function that chats. */
  chat: "kit-chat",
  /** A function that continues text. */
  text: "kit-text",
  /** A function that embeds. */
  vectors: "kit-vectors",
  /** The same function, and it honours `dimensions`. */
  sizedVectors: "kit-vectors-sized",
  /** A function that moderates. */
  moderator: "kit-moderator",
  /** An engine object with every ability, which honours every parameter. */
  engine: "kit-engine",
  /** An alias: the engine knows it as `kit-engine-2026-01-01`. */
  alias: "kit-alias",
  /** An engine whose far side speaks the OpenAI protocol. */
  upstream: "kit-upstream",
  /** The engine with every ability, for a model that does not see. */
  blind: "kit-blind",
  /** The engine with every ability, for a model that keeps to no form, but calls tools. */
  formless: "kit-formless",
  /** The same for a model that calls no tools either. */
  words: "kit-words",
  /** An engine that needs the bytes of images. */
  pixels: "kit-pixels",
  /** The same, and its far side has `/responses`. */
  responses: "kit-upstream-responses",
  /** An id with slashes in it. */
  slashed: "kit-labs/kit-family/kit-1",
  /** Stands for `snapshot`, and for `pinned` in the kit's project. */
  stable: "kit-stable",
  snapshot: "kit-stable-2026-03-01",
  pinned: "kit-stable-2025-09-01",
  /** Will be shut down in the year 2999, for `snapshot`. */
  ending: "kit-ending",
  /** Was shut down in 2001, for `snapshot`. */
  ended: "kit-ended",
  /** Has room for 64 tokens, 16 of them in an answer; each character is one. */
  small: "kit-small",
  /** May be deleted by the holder of the organization's key. */
  tuned: "ft:kit-chat:kit::1",
} as const;

/** An id that has no model of its own: the outlet is told to let the chatting function judge. */
export const JUDGED = "omni-moderation-latest";

export const KEYS = {
  /** Opens the outlet for a principal with an organization and a project. */
  organization: "sk-conformance-3f1c9ab27d5e4c60",
  /** Opens the outlet for a principal with neither. */
  plain: "sk-conformance-81d2e0c4f7b3491a",
  /** Opens the outlet for a project whose input is moderated. */
  policed: "sk-conformance-6d0a4be9c1f24d7a",
  /** Opens the outlet for a project whose answers are moderated, and whose input is flagged. */
  screened: "sk-conformance-c2e58b07d9a1463f",
  /** Opens the outlet for a project that has an instance reserved. */
  reserved: "sk-conformance-e7b14d9360af4c82",
  /** Opens the admin API of the default organization. */
  admin: "sk-admin-conformance-5b0c77e1a94d4f28",
} as const;

export const ORGANIZATION = "org-conformance";
export const PROJECT = "proj_conformance";
const POLICED = "proj_conformance_policed";
const SCREENED = "proj_conformance_screened";

/** Characters of a streamed answer that are held back and judged together. */
const SCREENED_WINDOW = 12;

/** The largest body that the kit's outlet takes, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/** Responses in the background that a caller of the kit's outlet may have at a time. */
export const MAX_PENDING = 8;

/** Tells the kit's `authenticate` what to do: refuse, crash, or name the caller. */
export const CALLER_HEADER = "x-conformance-caller";

/** The kit's host knows whose addresses begin with it: they have accepted, whatever they are invited to. */
export const KNOWN = "known-";
export const USER_NAME = "Ada Known";

/** A caller who administers an organization of his own. */
export const OTHER_ADMIN = "admin-elsewhere";

const FORMLESS = { structured_outputs: false, json_mode: false };

/** Everything a cell mounts. `current` gives the script of the requirement that is running. */
export function kitOptions(current: () => Script, settled: SettledCalls): OutletOptions {
  const engine = {
    specificationVersion: "v1",
    chat: (request, context) => current().engineChat(request, context),
    complete: (request, context) => current().engineComplete(request, context),
    embed: (request, context) => current().engineEmbed(request, context),
    moderate: (request, context) => current().engineModerate(request, context),
  } as const satisfies OutletOptions["models"][string];
  const ended = { announced: "2001-01-01", shutdown: "2001-06-01", successor: MODELS.snapshot };
  const ending = { ...ended, shutdown: "2999-06-01" };
  const tokenizer = {
    count: (text: string) => text.length,
    truncate: (text: string, most: number) => text.slice(0, most),
  };
  const embed: Script["vectors"] = (input) => current().vectors(input);
  return {
    models: {
      [MODELS.chat]: defineModel((input) => current().chat(input)),
      [MODELS.text]: defineModel({ complete: (input) => current().text(input) }),
      [MODELS.vectors]: defineModel({ embed }),
      [MODELS.sizedVectors]: defineModel({ embed, honours: ["dimensions"] }),
      [MODELS.moderator]: defineModel({ moderate: (input) => current().scores(input) }),
      [MODELS.engine]: engine,
      [MODELS.alias]: { engine, model: "kit-engine-2026-01-01" },
      [MODELS.upstream]: {
        specificationVersion: "v1",
        forward: (request, context) => current().upstream(request, context),
      },
      [MODELS.stable]: { alias: MODELS.snapshot, pins: { [PROJECT]: MODELS.pinned } },
      [MODELS.snapshot]: engine,
      [MODELS.pinned]: engine,
      [MODELS.ending]: { engine, deprecation: ending },
      [MODELS.ended]: { engine, deprecation: ended },
      [MODELS.small]: { engine, tokenizer, context_window: 64, max_output_tokens: 16 },
      [MODELS.tuned]: { engine: { ...engine, deleteModel: async () => {} }, deletable: ({ id }) => id === "holder" },
      [MODELS.blind]: { engine, capabilities: { vision: false } },
      [MODELS.formless]: { engine, capabilities: FORMLESS },
      [MODELS.words]: { engine, capabilities: { ...FORMLESS, tools: false } },
      [MODELS.pixels]: { ...engine, images: "bytes" },
      [MODELS.responses]: {
        specificationVersion: "v1",
        responses: true,
        forward: (request, context) => current().upstream(request, context),
      },
      [MODELS.slashed]: { engine, created: 1_700_000_000, owned_by: "kit-labs" },
    },
    keys: {
      [KEYS.organization]: { id: "holder", organization: ORGANIZATION, project: PROJECT },
      [KEYS.plain]: { id: "plain-holder" },
      [KEYS.policed]: { id: "policed-holder", organization: ORGANIZATION, project: POLICED },
      [KEYS.reserved]: { id: "reserved-holder", organization: ORGANIZATION, project: RESERVED },
      [KEYS.screened]: { id: "screened-holder", organization: ORGANIZATION, project: SCREENED },
    },
    authenticate: (exchange) => authenticate(exchange, current().host),
    platform: {
      adminKeys: [KEYS.admin],
      onInvite: ({ email }) => (email.startsWith(KNOWN) ? { name: USER_NAME } : null),
    },
    ledger: createMemoryLedger(),
    billing: { prices: { "*": { input: 1, output: 2 } } },
    moderation: { model: MODELS.chat, thresholds: { hate: 0.25 } },
    policy: {
      model: MODELS.moderator,
      window: SCREENED_WINDOW,
      projects: { [POLICED]: { input: "block" }, [SCREENED]: { input: "flag", output: "block" } },
    },
    limits: { routes: { [OWN_ROUTE]: { requestsPerMinute: OWN_ROUTE_LIMIT } } },
    instances: kitInstances(engine),
    fetchImage: (url, options) => current().image(url, options),
    onSettle: settled.record,
    mcp: kitMcp,
    jobs: { maxPending: MAX_PENDING },
    maxBodyBytes: MAX_BODY_BYTES,
    // Requirements provoke failures on purpose; they assert on replies, not on logs.
    logger: { error() {}, warn() {} },
  };
}

async function authenticate(exchange: Exchange, ready: Script["host"]): Promise<Principal | null> {
  const caller = exchange.header(CALLER_HEADER);
  if (caller === undefined) return null;
  if (caller === "crash") throw new Error("kit-secret: the host's session store is down");
  if (caller === "refuse") {
    throw new ApiError({
      status: 403,
      type: "kit_refusal",
      code: "not_today",
      param: "caller",
      message: "The kit refuses this caller.",
      headers: { "retry-after": "7" },
    });
  }
  await ready();
  return { id: caller, organization: `org-${caller}`, ...(caller === OTHER_ADMIN && { admin: true }) };
}
