import { unknownParameter, unsupportedParameter } from "../errors/catalogue.ts";

/** Values that ask for nothing: sending them is the same as leaving the parameter out. */
const NOTHING_ASKED: Readonly<Record<string, (value: unknown) => boolean>> = {
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === "text"),
  n: (value) => value === 1,
  best_of: (value) => value === 1,
  top_logprobs: (value) => value === 0,
  stop: (value) => Array.isArray(value) && value.length === 0,
  encoding_format: (value) => value === "float",
};

/** True when the request asks for what this parameter does. */
function asksFor(request: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = request[name];
  if (value === undefined || value === null || value === false) return false;
  return !NOTHING_ASKED[name]?.(value);
}

/**
 * Holds a request against what an engine honours. Nothing is dropped in silence: what neither the engine nor core
 * (`emulated`) can honour is refused by name. Returns the names that core has to emulate.
 */
export function parametersToEmulate(
  request: Readonly<Record<string, unknown>>,
  documented: Readonly<Record<string, unknown>>,
  honoured: readonly string[] | undefined,
  emulated: readonly string[],
): Set<string> {
  const missing = new Set<string>();
  for (const name of Object.keys(request)) {
    if (!Object.hasOwn(documented, name)) throw unknownParameter(name.slice(0, 64));
    if (honoured === undefined || honoured.includes(name) || !asksFor(request, name)) continue;
    if (!emulated.includes(name)) throw unsupportedParameter(name, String(request.model));
    missing.add(name);
  }
  return missing;
}
