import type { Principal } from "./access/principal.ts";
import type { EngineContext, Logger } from "./engine/engine.ts";
import type { Exchange } from "./http/exchange.ts";
import type { ModelAccess } from "./identity/model-access.ts";
import type { Platform } from "./identity/platform.ts";
import type { KeyStanding } from "./identity/strikes.ts";
import type { Seat } from "./instances/instance.ts";
import type { Instances } from "./instances/instances.ts";
import type { Accounts } from "./ledger/accounts.ts";
import type { Nanodollars } from "./ledger/money.ts";
import type { Tokenizer } from "./ledger/tokenizer.ts";
import type { MeteredUsage } from "./ledger/usage.ts";
import type { ProjectLimits } from "./limits/project-limits.ts";
import type { RateLimits } from "./limits/rate-limits.ts";
import type { McpConnector } from "./mcp/mcp-connector.ts";
import type { Lifecycle } from "./models/lifecycle.ts";
import type { ModelRegistry } from "./models/registry.ts";
import type { ModerationOptions } from "./moderation/moderation.options.ts";
import type { Explained, Explanation } from "./observe/explanation.ts";
import type { Observing } from "./observe/observing.ts";
import type { Flagged } from "./policy/policy.options.ts";
import type { Policy } from "./policy/policy.ts";
import type { FetchImage } from "./remote/fetch-image.ts";
import type { Retention } from "./retention/retention.ts";
import type { Sealer } from "./sealing/sealer.ts";
import type { Follow } from "./store/followed-store.ts";
import type { Store } from "./store/store.ts";

/** One authenticated, validated request on its way through an operation. */
export interface Call<Body = unknown, Query = unknown> {
  readonly exchange: Exchange;
  readonly operation: { readonly id: string; readonly method: string; readonly path: string };
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Query parameters, validated; `{}` where the operation takes none. */
  readonly query: Query;
  readonly body: Body;
  /** The body as the client's bytes; null when there is none or the host's parser consumed it. */
  readonly rawBody: Uint8Array | null;
  readonly context: EngineContext;
  readonly principal: Principal;
  /** Which models the caller's project may use; null for all. */
  readonly modelAccess: ModelAccess | null;
  /** Rate limits that the caller's project has of its own. */
  readonly ownLimits: ProjectLimits | null;
  /** Its place at an instance that the caller's project has reserved; null before it has one, and where what all share answers. */
  seat: Seat | null;
  /** Nothing of what the caller says or is answered may be stored. */
  readonly zeroRetention: boolean;
  readonly services: Services;
  readonly receipt: Receipt;
}

/** What asking a model takes of a call: all but the request, which is over where the work goes on in the background. */
export type ModelCall = Pick<
  Call,
  "operation" | "principal" | "modelAccess" | "ownLimits" | "seat" | "context" | "services" | "receipt"
>;

/** What operations may use; made once per outlet. */
export interface Services {
  readonly models: ModelRegistry;
  readonly tokenizer: Tokenizer;
  readonly store: Store;
  readonly follow: Follow;
  /** Responses in the background that one owner may have at a time. */
  readonly maxPending: number;
  readonly fetchImage: FetchImage;
  /** Who judges where no engine moderates; `null` for nobody. */
  readonly moderation: ModerationOptions | null;
  /** Null where the outlet has no admin API and issues no keys. */
  readonly platform: Platform | null;
  readonly retention: Retention;
  /** Undefined where the outlet connects to no remote servers. */
  readonly mcp: McpConnector | undefined;
  readonly sealer: Sealer;
  /** Undefined where nobody keeps a ledger. */
  readonly accounts: Accounts | undefined;
  /** Undefined where nobody can have set any. */
  readonly limits: RateLimits | undefined;
  /** Undefined where the host has no rules for what callers send. */
  readonly policy: Policy | undefined;
  /** Null where nobody watches calls. */
  readonly observing: Observing | null;
  /** Whether it is kept what became of a request; with `header`, replies tell it. */
  readonly explain: boolean | "header";
  /** Undefined where nobody has reserved anything. */
  readonly instances: Instances | undefined;
  readonly logger: Logger;
}

/** What is known of a call so far; becomes its settled record. */
export interface Receipt {
  /** The model id the client asked for. */
  model: string | null;
  /** The id it stood for. */
  snapshot: string | null;
  /** Name of the instance that answers. */
  instance: string | null;
  /** Set when that model is about to be shut down. */
  deprecation: Lifecycle | null;
  /** True from when an engine was asked whose answer may never tell what it consumed. */
  asked: boolean;
  usage: MeteredUsage | null;
  /** What the host's policy took to judge the call; becomes part of `usage` when the call is settled. */
  judging: MeteredUsage | null;
  /** What the host's policy has flagged of the call, a side at most once. */
  flagged: readonly Flagged[];
  /** How the caller's key stands since the call was counted against it; null where it was not. */
  standing: KeyStanding | null;
  /** Set when the call is settled. */
  cost: Nanodollars | null;
  /** Taken from rate limits before it was known what the call consumes. */
  heldTokens: number;
  /** Parameters that core honoured in the engine's stead. */
  readonly emulated: Set<string>;
  /** What became of the request's parameters; null where nobody wants to know. */
  explained: Explained | null;
  /** `performance.now()` when the first token of a stream was there; 0 until then. */
  firstTokenAt: number;
  /** The error that ended the call, also after a 200. */
  error: unknown;
  /** True once the answer's terminal event is made: a client that leaves after that has lost nothing. */
  complete: boolean;
}

/** A settled call: told to `onSettle` exactly once, when the last byte is out or the client has gone. */
export interface SettledCall {
  requestId: string;
  operationId: string | null;
  principal: Principal | null;
  /** The model id the client asked for. */
  model: string | null;
  /** The id that it stood for: the snapshot behind an alias. */
  snapshot: string | null;
  /** Name of the instance that answered, where the caller's project has reserved one; null for what all share. */
  instance: string | null;
  /** Set when that model is about to be shut down: the day, and the model to use instead. */
  deprecation: { shutdown: string; successor: string | null } | null;
  /** HTTP status of the reply; 499 when the client left before there was one. */
  status: number;
  /** `failed`: an error reply, or an error after a 200. `cancelled`: the client left first. */
  outcome: "completed" | "failed" | "cancelled";
  /** What was consumed, also when the call was cancelled; null when no engine was reached. */
  usage: MeteredUsage | null;
  /** In nanodollars; null where there is no ledger, no engine was reached, or it is only found out later. */
  cost: Nanodollars | null;
  emulated: string[];
  /** What the host's policy has flagged: of what the caller sent, of what the model answered; empty for nothing. */
  flagged: readonly Flagged[];
  /** What became of the request; null without the `explain` option, and where there was no request to speak of. */
  explanation: Explanation | null;
  error: unknown;
  /** Milliseconds from the request's arrival to its end. */
  durationMs: number;
  /** Milliseconds from the request's arrival to the first token of a streamed answer; null where there was none. */
  firstTokenMs: number | null;
}
