import { unsupportedRetention } from "../errors/retention.ts";
import { ENHANCED_TYPES } from "./retention-type.ts";

type Enhanced = (typeof ENHANCED_TYPES)[number];

/** @throws ApiError 400 for a type that an outlet cannot give */
export function availableRetention<Type extends string>(type: Type): Exclude<Type, Enhanced> {
  if (isEnhanced(type)) throw unsupportedRetention(type, "retention_type");
  return type as Exclude<Type, Enhanced>;
}

function isEnhanced(type: string): type is Enhanced {
  return (ENHANCED_TYPES as readonly string[]).includes(type);
}
