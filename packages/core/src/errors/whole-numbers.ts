import type { z } from "zod";

/** True when what a schema takes at `path` is whole numbers and no others. */
export function takesIntegersAlone(schema: z.core.$ZodType, path: readonly PropertyKey[]): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "number":
      return path.length === 0 && (schema as z.ZodNumber).isInt;
    case "optional":
    case "nullable":
      return takesIntegersAlone(def.innerType, path);
    case "union":
      return def.options.some((option) => takesIntegersAlone(option, path));
  }
  const [key, ...rest] = path;
  const inside = key === undefined ? undefined : schemaAt(def, key);
  return inside !== undefined && takesIntegersAlone(inside, rest);
}

function schemaAt(def: z.core.$ZodTypes["_zod"]["def"], key: PropertyKey): z.core.$ZodType | undefined {
  switch (def.type) {
    case "array":
      return def.element;
    case "record":
      return def.valueType;
    case "object":
      return def.shape[String(key)];
    default:
      return undefined;
  }
}
