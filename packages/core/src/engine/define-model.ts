import type { Engine } from "./engine.ts";
import { createFunctionEngine } from "./function-engine.ts";
import type { ModelFunctions } from "./model-functions.ts";

/**
 * Makes a model of plain functions.
 *
 * ```ts
 * const parrot = defineModel(async function* ({ messages }) {
 *   yield "You said: ";
 *   yield String(messages.at(-1)?.content);
 * });
 * ```
 */
export function defineModel(definition: ModelFunctions | NonNullable<ModelFunctions["chat"]>): Engine {
  return createFunctionEngine(typeof definition === "function" ? { chat: definition } : definition);
}
