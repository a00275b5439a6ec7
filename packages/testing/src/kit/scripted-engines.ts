import { defaultScript, type Script } from "./script.ts";
import { aborted } from "./within.ts";

/** A call that reached an engine. */
export interface EngineCall {
  readonly ability: Exclude<keyof Script, "host" | "image">;
  /** What the engine was asked, as core put it. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Resolves when the signal aborts, with the moment in `performance.now()`'s milliseconds. */
  readonly stopped: Promise<number>;
  readonly requestId: string;
}

export interface ScriptedEngines {
  /** Replaces what models do, until the requirement ends. */
  play(script: Partial<Script>): void;
  /** Calls that reached an engine during this requirement. */
  readonly calls: readonly EngineCall[];
  /** The first call that is yet to come. */
  nextCall(): Promise<EngineCall>;
  /** Back to the default script and no calls. */
  reset(): void;
}

export interface EngineStage extends ScriptedEngines {
  /** The script as the mounted models see it: each call is recorded, then played. */
  readonly current: () => Script;
}

/** Engines whose behaviour each requirement writes itself, and which remember what reached them. */
export function createStage(): EngineStage {
  let script = defaultScript;
  let calls: EngineCall[] = [];
  let waiting: ((call: EngineCall) => void)[] = [];

  const record = (
    ability: EngineCall["ability"],
    request: object,
    from: { signal: AbortSignal; requestId: string },
  ) => {
    const { signal, requestId } = from;
    const stopped = aborted(signal).then(() => performance.now());
    const call = { ability, request: request as EngineCall["request"], signal, stopped, requestId };
    calls.push(call);
    for (const tell of waiting.splice(0)) tell(call);
  };

  const recorded: Script = {
    chat(input) {
      record("chat", input.request, input);
      return script.chat(input);
    },
    text(input) {
      record("text", input.request, input);
      return script.text(input);
    },
    vectors(input) {
      record("vectors", { input: input.input, dimensions: input.dimensions }, input);
      return script.vectors(input);
    },
    scores(input) {
      record("scores", { input: input.input, model: input.model }, input);
      return script.scores(input);
    },
    engineChat(request, context) {
      record("engineChat", request, context);
      return script.engineChat(request, context);
    },
    engineComplete(request, context) {
      record("engineComplete", request, context);
      return script.engineComplete(request, context);
    },
    engineEmbed(request, context) {
      record("engineEmbed", request, context);
      return script.engineEmbed(request, context);
    },
    engineModerate(request, context) {
      record("engineModerate", request, context);
      return script.engineModerate(request, context);
    },
    upstream(request, context) {
      record("upstream", request, context);
      return script.upstream(request, context);
    },
    image: (url, options) => script.image(url, options),
    host: () => script.host(),
  };

  return {
    current: () => recorded,
    play: (changes) => {
      script = { ...script, ...changes };
    },
    get calls() {
      return calls;
    },
    nextCall: () => new Promise((resolve) => waiting.push(resolve)),
    reset() {
      script = defaultScript;
      calls = [];
      waiting = [];
    },
  };
}
