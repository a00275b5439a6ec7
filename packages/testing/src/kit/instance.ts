import type { Engine, InstanceMap } from "@outlet/core";
import { MODELS } from "./models.ts";

export const RESERVED = "proj_conformance_reserved";

/** What a project of the kit has reserved: one place, that answers for `MODELS.stable`. */
export const INSTANCE = {
  name: "kit-reserved",
  /** What it is pinned to. For everybody else the model stands for another. */
  snapshot: "kit-stable-2025-06-01",
  /** How long calls wait for the place, in milliseconds. */
  deadlineMs: 150,
} as const;

export function kitInstances(engine: Engine): InstanceMap {
  const { name, snapshot, deadlineMs } = INSTANCE;
  const queue = { deadlineMs };
  return { [name]: { projects: [RESERVED], models: [MODELS.stable], engine, snapshot, concurrency: 1, queue } };
}
