import type { ModelDefinition } from "../models/model-entry.ts";
import type { ModelRegistry } from "../models/registry.ts";

/** Capacity that projects have reserved: an engine of their own, paid by time, which answers for models in place of the one that all share. */
export interface InstanceOptions
  extends Pick<ModelDefinition, "engine" | "capabilities" | "context_window" | "max_output_tokens" | "tokenizer"> {
  /** Ids of the projects that reserved it. */
  projects: readonly string[];
  /** Ids of `models` that it answers for, as these projects ask for them. */
  models: readonly string[];
  /** The snapshot that it runs, as replies tell it, until you change it: aliases do not move it. */
  snapshot: string;
  /** The id that the engine knows the model by; default: `snapshot`. */
  model?: string;
  /** Calls that it answers at a time, in this process. */
  concurrency: number;
  /** Calls that wait when all of its places are taken. */
  queue?: QueueOptions;
  /**
   * What becomes of a call for which there is no place in time: `shared`, it is answered by the engine that all share, at that one's price;
   * `refuse`, it is a 429. Default: `shared`. `service_tier` may say otherwise.
   */
  overflow?: "shared" | "refuse";
  /** What it costs in US dollars an hour, used or not; what it saves or wastes is reported against it. Default: not reported. */
  price_per_hour?: number;
}

export interface QueueOptions {
  /** Most calls that wait; default: four for each place. */
  size?: number;
  /** Longest that a call waits, in milliseconds; default: 10,000. */
  deadlineMs?: number;
}

/** Instances by their names, which reports and the `outlet-instance` header have. */
export type InstanceMap = Readonly<Record<string, InstanceOptions>>;

const NAME = /^[\w.-]{1,64}$/;
const MAX_PLACES = 100_000;
/** Of a timer. */
const MAX_WAIT_MS = 2 ** 31 - 1;
const MAX_PRICE = 1_000_000;

/** @throws TypeError that names what cannot be */
export function checkInstances(instances: InstanceMap, models: ModelRegistry): void {
  const taken = new Map<string, string>();
  for (const [name, instance] of Object.entries(instances)) {
    const option = `instances["${name}"]`;
    if (!NAME.test(name)) throw new TypeError(`${option}: a name has letters, digits and ._- alone, 64 at most`);
    if (instance.engine?.specificationVersion !== "v1") {
      throw new TypeError(`${option}.engine is not an engine: expected specificationVersion "v1"`);
    }
    if (instance.projects.length === 0) throw new TypeError(`${option}.projects is empty`);
    if (instance.models.length === 0) throw new TypeError(`${option}.models is empty`);
    if (!instance.snapshot) throw new TypeError(`${option}.snapshot is missing`);
    const { size, deadlineMs } = instance.queue ?? {};
    within(`${option}.concurrency`, instance.concurrency, 1, MAX_PLACES);
    if (size !== undefined) within(`${option}.queue.size`, size, 0, MAX_PLACES);
    if (deadlineMs !== undefined) within(`${option}.queue.deadlineMs`, deadlineMs, 0, MAX_WAIT_MS);
    for (const name of ["context_window", "max_output_tokens"] as const) {
      if (instance[name] !== undefined) within(`${option}.${name}`, instance[name], 1, Number.MAX_SAFE_INTEGER);
    }
    const { overflow = "shared", price_per_hour: price = 0 } = instance;
    if (overflow !== "shared" && overflow !== "refuse") {
      throw new TypeError(`${option}.overflow must be "shared" or "refuse"`);
    }
    if (!(price >= 0 && price <= MAX_PRICE)) {
      throw new TypeError(`${option}.price_per_hour must be 0 to ${MAX_PRICE} dollars`);
    }
    for (const model of instance.models) {
      if (!models.has(model) && !models.fallback) throw new TypeError(`${option}.models: ${model} is no model`);
      for (const project of instance.projects) {
        const other = taken.get(`${project} ${model}`);
        if (other) throw new TypeError(`${option} and "${other}" both answer for ${model} in ${project}`);
        taken.set(`${project} ${model}`, name);
      }
    }
  }
}

function within(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TypeError(`${option} must be a whole number from ${least} to ${most}`);
}
