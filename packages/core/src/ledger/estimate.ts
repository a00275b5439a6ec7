import type { ResolvedModel } from "../models/registry.ts";
import type { UsageKind } from "./ledger.ts";
import type { MeteredUsage } from "./usage.ts";

/** What an operation knows of the work that a request asks for, before any of it is done. */
export interface Spending {
  readonly kind: UsageKind;
  readonly model: string;
  /** What the model reads; its texts are counted. */
  readonly input: unknown;
  /** The request's own limit for each answer; null for none. 0 for work that has no output. */
  readonly maxOutputTokens: number | null;
  /** Answers that are asked for. */
  readonly answers: number;
  /** True for work that the request only orders. Default: false. */
  readonly deferred?: boolean;
  /** Set where the host's policy has the call judged. */
  readonly judging?: Judging | undefined;
}

/** What judging takes beside the work: what is judged is read once more, by whoever judges. */
export interface Judging {
  readonly input: boolean;
  readonly output: boolean;
  /** Characters of an answer that are judged together, and so many before them again; infinite for all at once. */
  readonly window: number;
  readonly seam: number;
  /** What each asking takes beside what is judged. */
  readonly each: Pick<MeteredUsage, "input_tokens" | "output_tokens">;
}

const CHARACTERS_PER_TOKEN = 4;
/** An image or a recording that stands in the request as a data URL. */
const TOKENS_PER_FILE = 1_500;
const MAX_DEPTH = 64;

/** What the work may come to: reserved in budgets, and what rate limits count until it is known. */
export function estimateOf(
  { input, maxOutputTokens, answers, judging }: Spending,
  target: Pick<ResolvedModel, "maxOutputTokens"> | null,
  assumedOutputTokens: number,
): MeteredUsage {
  const most = target?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const each = Math.min(maxOutputTokens ?? assumedOutputTokens, most);
  const work = {
    input_tokens: tokensIn(input, 0),
    cached_tokens: 0,
    output_tokens: each * answers,
    reasoning_tokens: 0,
    estimated: true,
  };
  return judging ? withJudging(work, judging, answers) : work;
}

function withJudging(
  work: MeteredUsage,
  { input, output, window, seam, each }: Judging,
  answers: number,
): MeteredUsage {
  const said = output ? work.output_tokens : 0;
  const windows = said > 0 ? answers * Math.max(1, Math.ceil((said * CHARACTERS_PER_TOKEN) / answers / window)) : 0;
  const again = Number.isFinite(window) ? windows * (seam / CHARACTERS_PER_TOKEN) : 0;
  const asked = windows + (input ? 1 : 0);
  const read = (input ? work.input_tokens : 0) + said + again;
  return {
    ...work,
    input_tokens: work.input_tokens + read + asked * each.input_tokens,
    output_tokens: work.output_tokens + asked * each.output_tokens,
  };
}

function tokensIn(value: unknown, depth: number): number {
  if (typeof value === "string") return tokensInText(value);
  // A token of a prompt that is a list of them.
  if (typeof value === "number") return 1;
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return 0;
  let sum = 0;
  if (Array.isArray(value)) for (const item of value) sum += tokensIn(item, depth + 1);
  else for (const name in value) sum += 1 + tokensIn((value as Record<string, unknown>)[name], depth + 1);
  return sum;
}

function tokensInText(text: string): number {
  return text.startsWith("data:") ? TOKENS_PER_FILE : Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
