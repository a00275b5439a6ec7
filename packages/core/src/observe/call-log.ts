import type { SettledCall } from "../call.ts";
import type { Logger } from "../engine/engine.ts";
import type { Observer } from "./observer.ts";

/**
 * Logs a line for every call that has ended, at `info`: who, what, how it went, what it consumed. With pino,
 * `observers: [callLog(pino())]`. No prompt, answer, key or message of an error is in it; those errors that a host should look into are
 * logged by `logger` in any case.
 */
export function callLog(logger: Pick<Required<Logger>, "info">): Observer {
  return {
    begin: ({ background }) => ({
      end: (call) => logger.info({ ...lineOf(call), ...(background && { background }) }, "call settled"),
    }),
  };
}

function lineOf(call: SettledCall): object {
  const { principal, error, deprecation, ...line } = call;
  return {
    ...line,
    principal: principal && { ...principal },
    deprecation,
    durationMs: Math.round(call.durationMs),
    firstTokenMs: call.firstTokenMs === null ? null : Math.round(call.firstTokenMs),
    error: error === undefined ? null : errorName(error),
  };
}

/** What kind of error it is. What it says may quote what people have said. */
function errorName(error: unknown): string {
  if (typeof error !== "object" || error === null) return typeof error;
  const { code, type } = error as { code?: unknown; type?: unknown };
  if (typeof code === "string") return code;
  if (typeof type === "string") return type;
  return error instanceof Error ? error.name : "object";
}
