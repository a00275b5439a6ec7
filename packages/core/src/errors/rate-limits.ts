import { goDuration } from "../limits/go-duration.ts";
import { ApiError } from "./api-error.ts";

// Too much at once, in the words of the API's own service. https://platform.openai.com/docs/guides/error-codes

interface Reached {
  readonly model: string;
  readonly organization: string | undefined;
  readonly counted: "requests" | "tokens";
  readonly window: "minute" | "day";
  readonly limit: number;
  readonly requested: number;
}

/** 429: it fits when others have been forgotten. Official clients wait as long as they are told. */
export function rateLimitReached(
  { used, waitMs, ...reached }: Reached & { used: number; waitMs: number },
  headers: Record<string, string>,
): ApiError {
  const { limit, requested } = reached;
  const wait = Math.max(1, waitMs);
  return rateLimited(
    reached.counted,
    `Rate limit reached for ${placeOf(reached)}: Limit ${limit}, Used ${used}, Requested ${requested}. Please try again in ${goDuration(wait)}.`,
    { ...headers, "retry-after": String(Math.ceil(wait / 1_000)), "retry-after-ms": String(wait) },
  );
}

/** 429: it would not fit if nobody else asked for anything. Trying again does not help, and official clients are told so. */
export function requestTooLarge(reached: Reached, headers: Record<string, string>): ApiError {
  const { counted, limit, requested } = reached;
  const advice =
    counted === "tokens" ? " The input or output tokens must be reduced in order to run successfully." : "";
  return rateLimited(
    counted,
    `Request too large for ${placeOf(reached)}: Limit ${limit}, Requested ${requested}.${advice}`,
    { ...headers, "x-should-retry": "false" },
  );
}

function rateLimited(type: Reached["counted"], message: string, headers: Record<string, string>): ApiError {
  return new ApiError({ status: 429, type, code: "rate_limit_exceeded", message, headers });
}

function placeOf({ model, organization, counted, window }: Reached): string {
  const short = window === "minute" ? "min" : "day";
  const letters = `${counted === "requests" ? "R" : "T"}P${window === "minute" ? "M" : "D"}`;
  const owner = organization ? ` in organization ${organization.slice(0, 256)}` : "";
  return `${model.slice(0, 256)}${owner} on ${counted} per ${short} (${letters})`;
}
