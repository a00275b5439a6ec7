import { ApiError } from "./api-error.ts";

/** 429: the caller's own capacity is in use, and the request is not to be answered by what all share. https://platform.openai.com/docs/guides/flex-processing */
export function instanceBusy(model: string): ApiError {
  return new ApiError({
    status: 429,
    type: "requests",
    code: "resource_unavailable",
    message: `The capacity that is reserved for \`${model.slice(0, 256)}\` is in use. Try again later, or with \`service_tier\` "default".`,
    headers: { "retry-after": "1", "retry-after-ms": "1000" },
  });
}
