import type { Principal } from "../access/principal.ts";
import type { Engine } from "../engine/engine.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";

/** What a model id stands for: an engine, the engine with what there is to say of the model, or another id. */
export type ModelEntry = Engine | ModelDefinition | ModelAlias;

/** Model ids and what answers for them. The id `"*"` answers for every id that has no entry of its own. */
export type ModelMap = Readonly<Record<string, ModelEntry>>;

export interface ModelDefinition {
  engine: Engine;
  /** The id that the engine knows the model by; default: the id clients use, or the one its alias stands for. */
  model?: string;
  /** `created` in the models list, Unix seconds; default: 0. */
  created?: number;
  /** `owned_by` in the models list; default: `outlet`. */
  owned_by?: string;
  /** What the model cannot do by itself, so that core does it in its stead or refuses it. */
  capabilities?: ModelCapabilities;
  /**
   * Most tokens of prompt and answer together. A request that is larger is a 400 `context_length_exceeded` before the engine is
   * asked, where a real tokenizer counts: the `tokenizer` here or the outlet's. Default: not checked.
   */
  context_window?: number;
  /** Most tokens of an answer; a request that asks for more is a 400. Default: not checked. */
  max_output_tokens?: number;
  /** Counts this model's tokens; default: the outlet's. */
  tokenizer?: Tokenizer;
  /** When it goes, and what comes after it. Default: it stays. */
  deprecation?: ModelDeprecation;
  /**
   * Who may delete it with `DELETE /models/{model}`, which only fine-tuned models (`ft:…`) know; default: nobody. The engine is asked
   * to delete it on its side.
   */
  deletable?: (principal: Principal) => boolean;
}

/** What a model does by itself; what is absent, it can. */
export interface ModelCapabilities {
  /** Keeps to a JSON schema: `response_format` of type `json_schema`, strict functions. */
  structured_outputs?: boolean;
  /** Keeps to JSON: `response_format` of type `json_object`. */
  json_mode?: boolean;
  /** Calls tools. */
  tools?: boolean;
  /** Chats; `false` for a model behind an upstream that only continues text: chats are written for it as ChatML. */
  chat?: boolean;
  /** Sees images. */
  vision?: boolean;
}

export interface ModelDeprecation {
  /** When it was or will be announced: from then on replies carry `deprecation` and `sunset` headers. ISO 8601, days in UTC. */
  announced: string;
  /** When it ends: from then on the model is a 404 that names the successor. ISO 8601, days in UTC. */
  shutdown: string;
  /** Id of the model to use instead. */
  successor?: string;
}

/** A stable id for a snapshot: `{ alias: "gpt-x-2026-03-01" }`. */
export interface ModelAlias {
  /** What it stands for; or what it stands for from which day on, the earliest first and without one. */
  alias: string | readonly AliasMove[];
  /** Projects that stay with a snapshot of their own, by the principal's `project`. */
  pins?: Readonly<Record<string, string>>;
}

export interface AliasMove {
  /** Id of a model with an entry of its own, or any id where there is a `"*"`. */
  model: string;
  /** From when on; ISO 8601, days in UTC. The first move has none. */
  from?: string;
}
