import { modelNotPermitted } from "../errors/access.ts";
import type { ModelRule } from "./records.ts";

/** Which models a project may use. https://platform.openai.com/docs/api-reference/projects */
export interface ModelAccess {
  /**
   * True when a request may name `id`, which stands for `snapshot`. A list that has either has the model: whoever forbids a
   * snapshot forbids its alias too, and whoever allows an alias allows what it stands for under that name.
   */
  allows(id: string, snapshot: string): boolean;
  /** @throws ApiError 403 `model_not_found` */
  require(id: string, snapshot: string): void;
}

export function createModelAccess(project: string, { mode, ids }: ModelRule): ModelAccess {
  const listed: ReadonlySet<string> = new Set(ids);
  const allows = (id: string, snapshot: string) => (listed.has(id) || listed.has(snapshot)) === (mode === "allow_list");
  return {
    allows,
    require(id, snapshot) {
      if (!allows(id, snapshot)) throw modelNotPermitted(project, id);
    },
  };
}
