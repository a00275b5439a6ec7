import {
  createMemoryLedger,
  type Engine,
  type EngineContext,
  type ForwardReply,
  type ForwardRequest,
  type ModelEntry,
  type ModerationOptions,
  type Principal,
  type Tokenizer,
} from "@outlet/core";
import { type HonoOutletOptions, outlet, outletGuard } from "@outlet/hono";
import { answerOwnRoute, OWN_ROUTE } from "@outlet/testing";
import { Hono, type MiddlewareHandler } from "hono";
import { remoteMcp } from "./mcp.ts";
import {
  type Ability,
  decodeBytes,
  decodeError,
  encodeBytes,
  type Line,
  type RemoteEngine,
  type RemoteModel,
  type Setup,
  type Stopped,
} from "./wire.ts";

/**
 * The app that a foreign runtime serves: an ordinary mount of the outlet, whose models ask the test process. `waitUntil` is
 * told of work that goes on after a reply.
 */
export function remoteApp(setup: Setup, waitUntil?: (work: Promise<unknown>) => void): Hono {
  const later = waitUntil ?? (() => {});
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    fetch(setup.control + path, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });

  const leaving = watchLeaving();
  const tell = (requestId: string, signal: AbortSignal) =>
    leaving.onStop(signal, (ms) => later(post("/stopped", { requestId, ms } satisfies Stopped)));

  const options: HonoOutletOptions = {
    models: Object.fromEntries(
      Object.entries(setup.models).map(([id, model]) => [id, remoteModel(model, remoteEngine(id, model, post, tell))]),
    ),
    keys: setup.keys,
    ...(setup.instances !== undefined && {
      instances: Object.fromEntries(
        Object.entries(setup.instances).map(([name, instance]) => {
          const engine = remoteEngine(`instance:${name}`, instance.engine, post, tell);
          return [name, { ...instance, engine }];
        }),
      ),
    }),
    ...(setup.moderation !== undefined && { moderation: setup.moderation as ModerationOptions }),
    ...(setup.platform !== undefined && {
      platform: { ...setup.platform, onInvite: async (invite) => (await post("/invite", invite)).json() },
    }),
    ...(setup.policy !== undefined && { policy: setup.policy }),
    ...(setup.explain !== undefined && { explain: setup.explain }),
    ...(setup.limits !== undefined && { limits: setup.limits }),
    ...(setup.billing !== undefined && { ledger: createMemoryLedger(), billing: setup.billing }),
    ...(setup.maxBodyBytes !== undefined && { maxBodyBytes: setup.maxBodyBytes }),
    async authenticate(c) {
      const answer = (await (await post("/authenticate", c.req.header())).json()) as AuthenticateAnswer;
      if (answer.error) throw decodeError(answer.error);
      return answer.principal;
    },
    async fetchImage(url, { signal }) {
      const image: unknown = await (await post("/image", url, signal)).json();
      if (image === null) throw new Error("the test process has no such image");
      return decodeBytes(image) as Uint8Array;
    },
    mcp: remoteMcp(post),
    jobs: { ...setup.jobs, ...(waitUntil && { waitUntil }) },
    onSettle(call) {
      later(post("/settled", { ...call, error: call.error === null ? null : String(call.error) }));
    },
    logger: { error() {}, warn() {} },
  };
  const api = outlet(options);
  return new Hono()
    .use(leaving.watch)
    .post("/own/route", outletGuard(api, { meter: OWN_ROUTE }), (c) => c.json(answerOwnRoute(c.var.outlet)))
    .route("/v1", api);
}

/**
 * How long after the runtime has said that a client has left its engine's calls are stopped. There is one client at a time
 * that leaves: the kit checks one requirement after the other.
 */
function watchLeaving() {
  let noticedAt: number | undefined;
  const watch: MiddlewareHandler = async (c, next) => {
    noticedAt = undefined;
    c.req.raw.signal.addEventListener("abort", () => {
      noticedAt = performance.now();
    });
    await next();
  };
  const onStop = (signal: AbortSignal, stopped: (ms: number) => void) => {
    // A runtime may also take the reply's stream from the outlet, with no word to the request: then nothing came before.
    const stop = () => stopped(noticedAt === undefined ? 0 : performance.now() - noticedAt);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  };
  return { watch, onStop };
}

function remoteModel({ entry, countsCharacters, deletableBy }: RemoteModel, engine: Engine): ModelEntry {
  if ("alias" in entry) return entry as unknown as ModelEntry;
  return {
    ...entry,
    engine: deletableBy ? { ...engine, deleteModel: async () => {} } : engine,
    ...(countsCharacters && { tokenizer: CHARACTERS }),
    ...(deletableBy && { deletable: ({ id }) => deletableBy.includes(id) }),
  };
}

const CHARACTERS: Tokenizer = { count: (text) => text.length, truncate: (text, most) => text.slice(0, most) };

interface AuthenticateAnswer {
  principal: Principal | null;
  error?: Parameters<typeof decodeError>[0];
}

type Post = (path: string, body: unknown, signal?: AbortSignal) => Promise<Response>;

type Tell = (requestId: string, signal: AbortSignal) => void;

function remoteEngine(
  of: string,
  { abilities, honours, images, responses }: RemoteEngine,
  post: Post,
  tell: Tell,
): Engine {
  const ask = async (ability: Ability, request: unknown, { principal, requestId, signal }: EngineContext) => {
    tell(requestId, signal);
    const response = await post("/engine", { of, ability, request, principal, requestId }, signal);
    const lines = readLines(response);
    const { value: first } = await lines.next();
    if (first?.kind === "error") throw decodeError(first.error);
    if (first?.kind === "stream") return { head: first.head, pieces: pieces(lines) };
    return { whole: first?.kind === "whole" ? first.value : undefined };
  };
  const answer = async (ability: Ability, request: unknown, context: EngineContext) => {
    const { whole, pieces } = await ask(ability, request, context);
    return (pieces ?? whole) as never;
  };
  const engine = {
    chat: (request, context) => answer("chat", request, context),
    complete: (request, context) => answer("complete", request, context),
    embed: (request, context) => answer("embed", request, context),
    moderate: (request, context) => answer("moderate", request, context),
    async forward(request: ForwardRequest, context: EngineContext) {
      const { whole, head, pieces } = await ask("forward", { ...request, body: encodeBytes(request.body) }, context);
      if (pieces) return { ...(head as Omit<ForwardReply, "body">), body: pieces as ForwardReply["body"] };
      const { body, ...rest } = whole as { body: unknown };
      return { ...rest, body: decodeBytes(body) } as ForwardReply;
    },
  } satisfies Pick<Engine, Ability>;
  const own = Object.fromEntries(abilities.map((ability) => [ability, engine[ability]]));
  return {
    specificationVersion: "v1",
    ...own,
    ...(honours !== undefined && { honours }),
    ...(images !== undefined && { images }),
    ...(responses !== undefined && { responses }),
  } as Engine;
}

async function* pieces(lines: AsyncGenerator<Line>): AsyncGenerator<unknown> {
  for await (const line of lines) {
    if (line.kind === "error") throw decodeError(line.error);
    if (line.kind === "piece") yield decodeBytes(line.value);
    if (line.kind === "end") return;
  }
  throw new Error("the test process broke off");
}

async function* readLines(response: Response): AsyncGenerator<Line> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = (text + decoder.decode(read.value, { stream: true })).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as Line;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
