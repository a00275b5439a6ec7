import type { Principal } from "../access/principal.ts";
import type { Engine } from "../engine/engine.ts";
import { modelNotFound } from "../errors/catalogue.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import { type Alias, createAlias } from "./alias.ts";
import { isRetired, type Lifecycle, readLifecycle, refuseRetired } from "./lifecycle.ts";
import type { ModelAlias, ModelCapabilities, ModelDefinition, ModelEntry, ModelMap } from "./model-entry.ts";

export interface ResolvedModel {
  /** The id the client sent. */
  readonly id: string;
  /** The id it stands for: itself, or what its alias points at for this caller today. */
  readonly snapshot: string;
  readonly engine: Engine;
  /** The id to send to the engine. */
  readonly engineModel: string;
  readonly capabilities: ModelCapabilities;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  /** This model's own; `null` for the outlet's. */
  readonly tokenizer: Tokenizer | null;
  readonly lifecycle: Lifecycle | null;
  readonly deletable: (principal: Principal) => boolean;
  /** Name of the instance that answers for it, where the caller's project has one; its calls are paid by time. */
  readonly instance: string | null;
}

export interface ListedModel {
  readonly id: string;
  readonly definition: Pick<ModelDefinition, "created" | "owned_by">;
}

export interface ModelRegistry {
  /**
   * What answers for an id.
   * @param principal whose pins hold; default: nobody's
   * @throws ApiError 404 `model_not_found`, for a model that was shut down with its successor
   */
  resolve(id: string, principal?: Principal): ResolvedModel;
  /** The models with an entry of their own that answer today, in the host's order. */
  list(principal: Principal): readonly ListedModel[];
  /** True for ids with an entry of their own. */
  has(id: string): boolean;
  /** The ids of those that are no aliases, in the host's order. */
  ownIds(): readonly string[];
  /** The id has no entry any more: its model was deleted. */
  forget(id: string): void;
  /** The engine under `"*"`. */
  readonly fallback: Engine | null;
  /** Every engine once. */
  readonly engines: ReadonlySet<Engine>;
}

interface Model extends Omit<ResolvedModel, "id" | "snapshot" | "engineModel"> {
  readonly definition: ModelDefinition;
}

/** @throws TypeError when an entry is not an engine of this contract's version, or an alias leads nowhere. */
export function createModelRegistry(entries: ModelMap): ModelRegistry {
  const ids = Object.keys(entries);
  const models = new Map<string, Model>();
  const aliases = new Map<string, Alias>();
  for (const [id, entry] of Object.entries(entries)) {
    if (isAlias(entry)) aliases.set(id, createAlias(id, entry));
    else models.set(id, readModel(id, entry));
  }
  const wildcard = models.get("*");
  models.delete("*");
  const resolved = new Map([...models].map(([id, model]) => [id, resolvedModel(id, id, model)]));
  for (const [id, { targets }] of aliases) {
    for (const target of targets) {
      if (aliases.has(target)) throw new TypeError(`models["${id}"] stands for ${target}, which is an alias itself`);
      if (!models.has(target) && !wildcard)
        throw new TypeError(`models["${id}"] stands for ${target}, which is no model`);
    }
  }

  return {
    resolve(id, principal) {
      const own = resolved.get(id);
      if (own !== undefined && own.lifecycle === null) return own;
      const snapshot = aliases.get(id)?.target(principal) ?? id;
      const model = models.get(snapshot) ?? wildcard;
      if (!model) throw modelNotFound(id.slice(0, 256));
      if (model.lifecycle) refuseRetired(id, model.lifecycle, Date.now());
      return own ?? resolvedModel(id, snapshot, model);
    },
    list(principal) {
      const now = Date.now();
      return ids.flatMap((id) => {
        const model = models.get(aliases.get(id)?.target(principal) ?? id) ?? (aliases.has(id) ? wildcard : undefined);
        return model && !isRetired(model.lifecycle, now) ? [{ id, definition: model.definition }] : [];
      });
    },
    has: (id) => models.has(id) || aliases.has(id),
    ownIds: () => [...models.keys()],
    forget(id) {
      models.delete(id);
      resolved.delete(id);
    },
    fallback: wildcard?.engine ?? null,
    engines: new Set([...models.values(), ...(wildcard ? [wildcard] : [])].map(({ engine }) => engine)),
  };
}

function isAlias(entry: ModelEntry): entry is ModelAlias {
  return "alias" in entry;
}

/** Field by field: under a wildcard it is made for every call, and to copy what is left of an object is slow. */
function resolvedModel(id: string, snapshot: string, model: Model): ResolvedModel {
  return {
    id,
    snapshot,
    engine: model.engine,
    engineModel: model.definition.model ?? snapshot,
    capabilities: model.capabilities,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    tokenizer: model.tokenizer,
    lifecycle: model.lifecycle,
    deletable: model.deletable,
    instance: model.instance,
  };
}

function readModel(id: string, entry: Engine | ModelDefinition): Model {
  const definition = "specificationVersion" in entry ? { engine: entry } : entry;
  const { engine, capabilities = {}, tokenizer = null, deprecation, deletable = () => false } = definition;
  if (engine?.specificationVersion !== "v1") {
    throw new TypeError(`models["${id}"] is not an engine: expected specificationVersion "v1"`);
  }
  return {
    definition,
    engine,
    capabilities,
    tokenizer,
    deletable,
    instance: null,
    contextWindow: readTokens(id, definition, "context_window"),
    maxOutputTokens: readTokens(id, definition, "max_output_tokens"),
    lifecycle: readLifecycle(id, deprecation),
  };
}

function readTokens(id: string, definition: ModelDefinition, name: "context_window" | "max_output_tokens") {
  const tokens = definition[name];
  if (tokens === undefined) return null;
  if (Number.isInteger(tokens) && tokens > 0) return tokens;
  throw new TypeError(`models["${id}"].${name} must be a whole number above 0`);
}
