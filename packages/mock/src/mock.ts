import {
  createOutlet,
  type Exchange,
  isByteStream,
  type Outlet,
  type Reply,
  webExchange,
  webResponse,
} from "@outlet/core";
import { cutting, cutUnanswered } from "./cut.ts";
import { type MockEngine, mockEngine } from "./engine.ts";
import type { MockOptions } from "./mock.options.ts";
import { CONNECTION_CUT } from "./play/error-reply.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { createRecorder } from "./recorder.ts";
import { resettableStore } from "./resettable-store.ts";
import type { Rule } from "./script/rule.types.ts";
import { createTokenizer } from "./tokens/tokens.ts";

/** A mock without a socket. */
export interface Mock {
  /** The outlet, to mount in a server of your own. */
  readonly outlet: Outlet;
  /** For the SDK: `new OpenAI({ apiKey: "any", fetch: mock.fetch })`. Whatever the host, nothing leaves the process. */
  readonly fetch: Outlet["fetch"];
  readonly engine: MockEngine;
  /** Every request so far, oldest first. */
  readonly calls: readonly RecordedCall[];
  /**
   * Puts rules in front of those that are there. Of several in one call, the first that matches answers.
   * @throws TypeError when a rule is not one, naming the path of what is wrong
   */
  script(...rules: Rule[]): void;
  /** Forgets the calls, what was stored, and the rules that `script` added; the rules in the options start anew. */
  reset(): void;
  /** Names of the rules that have answered nothing yet. */
  unusedRules(): string[];
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** @throws TypeError when a rule is not one, naming the path of what is wrong */
export function createMock(options: MockOptions = {}): Mock {
  const { keys, models, history = 1000, onCall, ...engineOptions } = options;
  const engine = mockEngine(engineOptions);
  const recorder = createRecorder(history, onCall);
  const stored = resettableStore();
  const inner = createOutlet({
    models: models ? Object.fromEntries(models.map((id) => [id, { engine, owned_by: "system" }])) : { "*": engine },
    ...(keys ? { keys } : { access: "open" }),
    store: stored.store,
    tokenizer: createTokenizer(),
    onSettle: recorder.settle,
    logger: QUIET,
  });

  async function handle(original: Exchange): Promise<Reply> {
    const exchange = recorder.begin(original);
    const reply = await inner.handle(exchange);
    recorder.answered(exchange, reply);
    if (!exchange.underWay.willCut) return reply;
    return isByteStream(reply.body) ? cutting(reply) : cutUnanswered(original);
  }

  const outlet: Outlet = { ...inner, handle, fetch: fetchOver(handle) };
  return {
    outlet,
    fetch: outlet.fetch,
    engine,
    calls: recorder.calls,
    script: engine.script,
    unusedRules: engine.unusedRules,
    reset() {
      engine.reset();
      recorder.clear();
      stored.reset();
    },
    close: () => inner.close({ graceMs: 0 }),
  };
}

/** Scripted failures are no news; what fails here is told in the answer. */
const QUIET = { error() {}, warn() {} };

function fetchOver(handle: (exchange: Exchange) => Promise<Reply>): Outlet["fetch"] {
  return async (input, init) => {
    const request = input instanceof Request && !init ? input : new Request(input, init);
    const exchange = webExchange(request);
    const reply = await handle(exchange);
    request.signal.throwIfAborted();
    // `fetch` has no answer for a connection that was cut before one: it rejects.
    if (reply.headers[CONNECTION_CUT])
      throw new TypeError("fetch failed", { cause: new Error("the connection was cut") });
    return webResponse(reply, exchange);
  };
}
