import type { Call } from "../call.ts";
import { unsupportedHere } from "../errors/catalogue.ts";
import type { Store } from "../store/store.ts";
import type { Plan, Platform } from "./platform.ts";
import { organizationOwner } from "./records.ts";

/** An admin call's organization, and what may be done with it. */
export interface Admin {
  readonly organization: string;
  /** Whose the organization's records are. */
  readonly owner: string;
  readonly store: Store;
  readonly platform: Platform;
  /** See `Platform.commit`; the caller is the actor. */
  commit<Result>(plan: () => Promise<Plan<Result>>): Promise<Result>;
}

export function adminOf({ services, principal }: Pick<Call, "services" | "principal">): Admin {
  const { platform } = services;
  const { organization } = principal;
  // The pipeline lets nobody else in.
  if (!platform || organization === undefined) throw new TypeError("an admin operation was run without an admin");
  return {
    organization,
    owner: organizationOwner(organization),
    store: platform.store,
    platform,
    commit: (plan) => platform.commit(organization, principal, plan),
  };
}

/** @throws ApiError 400 that names the first of these parameters that asks for what an outlet does not have */
export function refuseAsked(body: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (body as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) {
      throw unsupportedHere(name);
    }
  }
}
