import type { ApiError } from "./api-error.ts";
import { invalidRequest } from "./catalogue.ts";

/** 400: what the parameter refers to or asks for would have to be stored. */
export function zeroRetentionParameter(param: string): ApiError {
  return invalidRequest(
    `'${param}' cannot be used with zero data retention: nothing of what is said is stored.`,
    param,
    "unsupported_parameter",
  );
}

/** 400: the operation is there to store something. */
export function zeroRetentionOperation(what: string): ApiError {
  return invalidRequest(
    `${what} with zero data retention: nothing of what is said is stored.`,
    null,
    "zero_data_retention",
  );
}

/** 400: a type of data retention that an outlet cannot give. */
export function unsupportedRetention(type: string, param: string): ApiError {
  return invalidRequest(
    `'${type}' is not available on this server, which has no safety processing of its own. Use '${type.replace("enhanced_", "")}'.`,
    param,
    "unsupported_value",
  );
}
