import type { Logger } from "../engine/engine.ts";
import { ApiError } from "./api-error.ts";

/** The same logger, which is told of errors without what they may quote of a request or an answer. */
export function discreetLogger(logger: Logger): Logger {
  return {
    error: (details, message) => logger.error(discreet(details), message),
    warn: (details, message) => logger.warn(discreet(details), message),
    info: (details, message) => logger.info?.(discreet(details), message),
    debug: (details, message) => logger.debug?.(discreet(details), message),
  };
}

function discreet(details: object): object {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, value instanceof Error ? discreetError(value, 0) : value]),
  );
}

const MAX_CAUSES = 8;
const QUOTED = "What the far side said may quote the request, and is not logged.";

/**
 * What a host has thrown stays as it is. A far side's own words and what `JSON.parse` shows of a text are left out, wherever in a chain of
 * causes they stand.
 */
function discreetError(error: Error, depth: number): Error {
  const cause = discreetCause(error, depth);
  if (error instanceof ApiError && error.quoted) return copyOf(error, QUOTED, cause);
  if (error instanceof SyntaxError && /\bJSON\b/.test(error.message)) return copyOf(error, "invalid JSON", cause);
  return cause === error.cause ? error : copyOf(error, error.message, cause);
}

/** Errors of the API's own may carry what an upstream sent: of that, what kind of error it was. */
function discreetCause(error: Error, depth: number): unknown {
  const { cause } = error;
  if (cause === undefined || depth >= MAX_CAUSES) return undefined;
  if (cause instanceof Error) return discreetError(cause, depth + 1);
  if (!(error instanceof ApiError)) return cause;
  const { type, code } = Object(cause) as { type?: unknown; code?: unknown };
  return { type, code };
}

function copyOf(error: Error, message: string, cause: unknown): Error {
  const copy = error instanceof ApiError ? new ApiError({ ...error, message, cause }) : new Error(message, { cause });
  if (!(copy instanceof ApiError)) copy.name = error.name;
  // The first lines are the message.
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  copy.stack = [`${error.name}: ${message}`, ...frames].join("\n");
  return copy;
}
