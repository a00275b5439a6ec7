import type { Engine } from "../engine/engine.ts";
import { modelNotFound } from "../errors/catalogue.ts";

/** A model id's entry: its engine, or the engine with what clients should see of the model. */
export type ModelEntry = Engine | ModelDefinition;

export interface ModelDefinition {
  engine: Engine;
  /** The id that the engine knows the model by; default: the id clients use. */
  model?: string;
  /** `created` in the models list, Unix seconds; default: 0. */
  created?: number;
  /** `owned_by` in the models list; default: `outlet`. */
  owned_by?: string;
  /** What the model cannot do by itself, so that core does it in its stead or refuses it. */
  capabilities?: ModelCapabilities;
}

/** What a model does by itself; what is absent, it can. */
export interface ModelCapabilities {
  /** Keeps to a JSON schema: `response_format` of type `json_schema`, strict functions. */
  structured_outputs?: boolean;
  /** Keeps to JSON: `response_format` of type `json_object`. */
  json_mode?: boolean;
  /** Calls tools. */
  tools?: boolean;
  /** Sees images. */
  vision?: boolean;
}

/** Model ids to engines. The id `"*"` answers for every id that has no entry of its own. */
export type ModelMap = Readonly<Record<string, ModelEntry>>;

export interface ResolvedModel {
  /** The id the client sent. */
  readonly id: string;
  readonly engine: Engine;
  /** The id to send to the engine. */
  readonly engineModel: string;
  readonly capabilities: ModelCapabilities;
}

export interface ModelRegistry {
  /** @throws ApiError 404 `model_not_found` */
  resolve(id: string): ResolvedModel;
  /** The models with an entry of their own, by id, in the host's order. */
  readonly named: ReadonlyMap<string, ModelDefinition>;
  /** The engine under `"*"`. */
  readonly fallback: Engine | null;
  /** Every engine once. */
  readonly engines: ReadonlySet<Engine>;
}

/** @throws TypeError when an entry is not an engine of this contract's version. */
export function createModelRegistry(models: ModelMap): ModelRegistry {
  const byId = new Map<string, ModelDefinition>();
  const engines = new Set<Engine>();
  for (const [id, entry] of Object.entries(models)) {
    const definition = "specificationVersion" in entry ? { engine: entry } : entry;
    if (definition.engine?.specificationVersion !== "v1") {
      throw new TypeError(`models["${id}"] is not an engine: expected specificationVersion "v1"`);
    }
    byId.set(id, definition);
    engines.add(definition.engine);
  }
  if (byId.size === 0) throw new TypeError("createOutlet needs at least one model");
  const wildcard = byId.get("*");
  byId.delete("*");
  return {
    resolve(id) {
      const definition = byId.get(id) ?? wildcard;
      if (!definition) throw modelNotFound(id.slice(0, 256));
      const { engine, model = id, capabilities = {} } = definition;
      return { id, engine, engineModel: model, capabilities };
    },
    named: byId,
    fallback: wildcard?.engine ?? null,
    engines,
  };
}
