import type { Principal } from "../access/principal.ts";
import type { Engine } from "../engine/engine.ts";
import { instanceBusy } from "../errors/instances.ts";
import type { AbortTarget } from "../http/cancellation.ts";
import type { Rates } from "../ledger/model-price.ts";
import type { ModelRegistry } from "../models/registry.ts";
import { createInstance, type Instance, type InstanceReport, type Seat } from "./instance.ts";
import { checkInstances, type InstanceMap } from "./instances.options.ts";
import type { Rank } from "./places.ts";

/** A call that may be for an instance. */
export interface Entering {
  readonly principal: Principal;
  /** The model id that the client asked for. */
  readonly model: string;
  /** `service_tier` of the request, where it has one. */
  readonly tier: string | null;
  readonly cancellation: AbortTarget;
  /** True for work that nobody waits for: it does. */
  readonly patient: boolean;
}

/** The capacity that projects have reserved. */
export interface Instances {
  /**
   * A place at the caller's instance; null for a call that the engine that all share answers.
   * @throws ApiError 429 when there is no place in time, and the call is not to be answered elsewhere
   */
  enter(entering: Entering): Promise<Seat | null>;
  report(): InstanceReport[];
  readonly engines: ReadonlySet<Engine>;
}

/**
 * What `service_tier` means to a caller who has an instance. https://platform.openai.com/docs/api-reference/chat/create
 * `default` is not here: it asks for the engine that all share.
 */
const TIERS: Readonly<Record<string, { rank: Rank; only: boolean }>> = {
  auto: { rank: "normal", only: false },
  priority: { rank: "priority", only: false },
  fast: { rank: "priority", only: false },
  scale: { rank: "normal", only: true },
  flex: { rank: "flex", only: true },
};

/** @throws TypeError that names the option that cannot be */
export function createInstances(
  map: InstanceMap,
  models: ModelRegistry,
  ratesOf: (names: readonly string[]) => Rates | null,
): Instances {
  checkInstances(map, models);
  const instances = Object.entries(map).map(([name, options]) => createInstance(name, options, ratesOf));
  const byProject = new Map<string, Map<string, Instance>>();
  for (const [index, { projects, models }] of Object.values(map).entries()) {
    for (const project of projects) {
      const own = byProject.get(project) ?? new Map<string, Instance>();
      byProject.set(project, own);
      for (const model of models) own.set(model, instances[index] as Instance);
    }
  }

  return {
    async enter({ principal, model, tier, cancellation, patient }) {
      const instance = principal.project === undefined ? undefined : byProject.get(principal.project)?.get(model);
      const terms = TIERS[tier ?? "auto"];
      if (!instance || !terms) return null;
      const seat = await instance.enter(model, namesOf(models, model, principal), {
        rank: terms.rank,
        cancellation,
        patient,
      });
      if (seat) return seat;
      if (terms.only || instance.overflow === "refuse") {
        instance.missed("refused");
        throw instanceBusy(model);
      }
      instance.missed("overflowed");
      return null;
    },
    report: () => instances.map((instance) => instance.report()),
    engines: new Set(Object.values(map).map(({ engine }) => engine)),
  };
}

/** A model that all share may have had its day: whoever has reserved its snapshot keeps it. */
function namesOf(models: ModelRegistry, model: string, principal: Principal): string[] {
  try {
    const { id, snapshot, engineModel } = models.resolve(model, principal);
    return [id, snapshot, engineModel];
  } catch {
    return [model];
  }
}
