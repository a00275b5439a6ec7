import type { AccessOptions } from "./access/access.ts";
import type { SettledCall } from "./call.ts";
import type { Logger } from "./engine/engine.ts";
import type { PlatformOptions } from "./identity/platform.options.ts";
import type { InstanceMap } from "./instances/instances.options.ts";
import type { JobsOptions } from "./jobs/job.ts";
import type { BillingOptions } from "./ledger/billing-options.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Tokenizer } from "./ledger/tokenizer.ts";
import type { RateLimitOptions } from "./limits/rate-limits.options.ts";
import type { McpConnector } from "./mcp/mcp-connector.ts";
import type { ModelMap } from "./models/model-entry.ts";
import type { ModerationOptions } from "./moderation/moderation.options.ts";
import type { Observer } from "./observe/observer.ts";
import type { PolicyOptions } from "./policy/policy.options.ts";
import type { FetchImage } from "./remote/fetch-image.ts";
import type { RetentionOptions } from "./retention/retention.options.ts";
import type { Store } from "./store/store.ts";

export interface OutletOptions extends AccessOptions {
  /** What answers for which model id; `"*"` answers for all others. With `platform` there may be none: such an outlet only administers. */
  models: ModelMap;
  /**
   * Told of every call exactly once, when it has ended: who, what, how it went, what it consumed. A response in the background
   * is told of as a call that consumed nothing, and under the same `requestId` again for each time that its model was asked.
   * What it throws is logged and otherwise ignored.
   */
  onSettle?: (call: SettledCall) => void;
  /** Counts tokens where an engine reports none; default: an estimate of one token per four bytes of UTF-8. */
  tokenizer?: Tokenizer;
  /**
   * Where stored completions, responses and conversations are kept; default: this process's memory, bounded, and gone with it.
   * The outlet closes it.
   */
  store?: Store;
  /**
   * Secrets that seal what clients keep for the outlet: `encrypted_content` of reasoning and of compacted conversations. Strings of at least
   * 32 characters; the first one seals, all of them open, so a new one is put in front of those before it. Default: one that the outlet
   * makes once and keeps in the store, for every process that shares it.
   * https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
   */
  sealingKeys?: readonly string[];
  /**
   * Where what is consumed and spent is written down, and held against budgets: `createMemoryLedger()`, or one of `@outlet/store-sql`. A
   * call is entered before its model is asked. Default: none, and `onSettle` alone tells. The outlet closes it.
   */
  ledger?: Ledger;
  /** Prices, and what else the ledger goes by. */
  billing?: BillingOptions;
  /**
   * How much each project may ask of a model in a minute or a day. What is too much is a 429 that tells when to come back. Default: as much as it likes,
   * but for what admins have set through the API. https://platform.openai.com/docs/guides/rate-limits
   */
  limits?: RateLimitOptions;
  /**
   * Capacity that projects have reserved, by name: an engine, a snapshot and a number of places of their own. Default: all callers share
   * the engines of `models`. https://platform.openai.com/docs/guides/priority-processing
   */
  instances?: InstanceMap;
  /**
   * How many responses in the background this process works on at a time, and how soon it notices and repeats what failed or was left;
   * default: 16, and the times that `JobsOptions` names. https://platform.openai.com/docs/guides/background
   */
  jobs?: JobsOptions;
  /**
   * Fetches images that clients name by URL, for engines that need bytes (`images: "bytes"`); no other engine's are fetched.
   * Default: `createImageFetcher()`, which connects to public addresses only and works on Node, Bun and Deno. On Workers
   * there is none, and such a request is refused with a 400 until you give one. Whatever is given, an image may have
   * 20 MB and take 10 seconds. https://platform.openai.com/docs/guides/images-vision
   */
  fetchImage?: FetchImage;
  /**
   * Turns on the admin API (`/organization/…`: projects, service accounts, keys, users, invites, the audit log) and the keys that it issues, which open
   * the outlet beside `keys` and `authenticate`. All of it is kept in `store`. Default: off, and the admin API is a 404 that says so.
   * https://platform.openai.com/docs/api-reference/administration
   */
  platform?: PlatformOptions;
  /** Which model judges where none of `models` moderates by itself; default: nobody, and `/moderations` is a 404 that says so. */
  moderation?: ModerationOptions;
  /** What callers may send, judged by moderation before anything is asked or kept; default: whatever they like, and nothing is judged. */
  policy?: PolicyOptions;
  /**
   * Whether anything is stored of what is said, and for how long. Default: whatever callers ask to be stored is, for 30 days.
   * https://platform.openai.com/docs/guides/your-data
   */
  retention?: RetentionOptions;
  /**
   * Connects Responses to the remote MCP servers that clients name: `mcp()` of `@outlet/mcp`. Default: none, and tools of type `mcp` are
   * refused with a 400. The outlet closes it. https://platform.openai.com/docs/guides/tools-connectors-mcp
   */
  mcp?: McpConnector;
  /** `console`, pino, or anything with `error` and `warn`; default: `console`. Prompts, answers and keys are never logged. */
  logger?: Logger;
  /**
   * Who watches calls while they are under way: `openTelemetry()` of `@outlet/opentelemetry`, `prometheus()` of `@outlet/prometheus`, `callLog()`, or
   * your own. Default: nobody, and it costs nothing.
   */
  observers?: readonly Observer[];
  /**
   * `true`: `onSettle` and observers are told in `explanation` what became of each request: which parameters came, which its engine was asked,
   * which were made up for, and how it was priced. Names and never what was in them. `"header"`: replies tell it, too, in
   * `outlet-explain`. Default: false.
   */
  explain?: boolean | "header";
  /** Largest accepted request body in bytes, in place of each operation's own limit. */
  maxBodyBytes?: number;
}
