import type { RecordedCall } from "../recorded-call.ts";

/** `POST createChatCompletion gpt-4o 200 12 ms`, with what there is to add. */
export function logLine({ method, operation, path, model, status, outcome, rule, durationMs }: RecordedCall): string {
  const extra = [rule && `by ${rule}`, outcome !== "completed" && outcome].filter(Boolean);
  const base = `${method} ${operation ?? path} ${model ?? "-"} ${status ?? "-"} ${Math.round(durationMs ?? 0)} ms`;
  return extra.length > 0 ? `${base} (${extra.join(", ")})` : base;
}
