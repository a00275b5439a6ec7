import { unknownParameter, unsupportedParameter } from "../errors/catalogue.ts";

/** For operations that no engine is asked for: @throws ApiError 400 that names a parameter the reference does not have. */
export function refuseUnknown(request: object, documented: Readonly<Record<string, unknown>>, within = ""): void {
  for (const name of Object.keys(request)) {
    if (!Object.hasOwn(documented, name)) throw unknownParameter(within + name.slice(0, 64));
  }
}

/** Values that ask for nothing: sending them is the same as leaving the parameter out. */
const NOTHING_ASKED: Readonly<Record<string, (value: unknown) => boolean>> = {
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === "text"),
  n: (value) => value === 1,
  best_of: (value) => value === 1,
  top_logprobs: (value) => value === 0,
  stop: (value) => Array.isArray(value) && value.length === 0,
  encoding_format: (value) => value === "float",
};

const NONE: ReadonlySet<string> = new Set();

/** True when the request asks for what this parameter does. */
function asksFor(request: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = request[name];
  if (value === undefined || value === null || value === false) return false;
  return !NOTHING_ASKED[name]?.(value);
}

/**
 * Holds a request against what an engine honours. Nothing is dropped in silence: what neither the engine nor core
 * (`emulated`) can honour is refused by name. Returns the names that core has to emulate.
 *
 * @param honoured the engine's own list; absent when it honours all
 * @param core what core sees to itself, whatever the engine
 */
export function parametersToEmulate(
  request: Readonly<Record<string, unknown>>,
  documented: Readonly<Record<string, unknown>>,
  honoured: readonly string[] | undefined,
  core: readonly string[],
  emulated: readonly string[],
): ReadonlySet<string> {
  let missing: Set<string> | undefined;
  for (const name in request) {
    if (!Object.hasOwn(documented, name)) throw unknownParameter(name.slice(0, 64));
    if (honoured === undefined || core.includes(name) || honoured.includes(name) || !asksFor(request, name)) continue;
    if (!emulated.includes(name)) throw unsupportedParameter(name, String(request.model));
    missing ??= new Set();
    missing.add(name);
  }
  return missing ?? NONE;
}

/** The request as it is asked of an engine: without what core sees to itself. */
export function requestWithout<Request extends object>(request: Request, names: readonly string[]): Request {
  if (!names.some((name) => name in request)) return request;
  return Object.fromEntries(Object.entries(request).filter(([name]) => !names.includes(name))) as Request;
}
