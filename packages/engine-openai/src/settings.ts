import type { OpenAIOptions } from "./openai.options.ts";

const OPENAI_URL = "https://api.openai.com/v1";
const MEBIBYTE = 1024 * 1024;
/** Longer delays overflow Node's timers and would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The numbers of the options, checked and complete; 0 stands for no limit where the option says so. */
export interface Limits {
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxRetries: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly maxReplyBytes: number;
  readonly modelsMaxAgeMs: number;
}

/** @throws TypeError that names the option. */
export function readLimits(options: OpenAIOptions): Limits {
  return {
    firstByteTimeoutMs: milliseconds(options, "firstByteTimeoutMs", 600_000),
    idleTimeoutMs: milliseconds(options, "idleTimeoutMs", 300_000),
    maxRetries: integer(options, "maxRetries", 2, 0, 100),
    retryBaseMs: milliseconds(options, "retryBaseMs", 500),
    retryMaxMs: milliseconds(options, "retryMaxMs", 8_000),
    maxReplyBytes: integer(options, "maxReplyBytes", 64 * MEBIBYTE, 1, Number.MAX_SAFE_INTEGER),
    modelsMaxAgeMs: milliseconds(options, "modelsMaxAgeMs", 60_000),
  };
}

export interface PoolSettings {
  readonly connections: number | null;
  readonly keepAliveTimeout: number;
  readonly connectTimeout: number;
}

/** @throws TypeError that names the option. */
export function readPoolSettings(options: OpenAIOptions): PoolSettings {
  return {
    connections: options.connections === undefined ? null : integer(options, "connections", 0, 1, 1_000_000),
    keepAliveTimeout: integer(options, "keepAliveTimeoutMs", 4_000, 1, LONGEST_TIMER),
    connectTimeout: milliseconds(options, "connectTimeoutMs", 10_000),
  };
}

/** @throws TypeError when an option of the engine's own pool comes together with a dispatcher. */
export function refusePoolSettings(options: OpenAIOptions): void {
  for (const name of ["connections", "keepAliveTimeoutMs", "connectTimeoutMs"] as const) {
    if (options[name] !== undefined) throw new TypeError(`${name} has no effect next to dispatcher: set it there`);
  }
  if (typeof options.dispatcher?.dispatch !== "function")
    throw new TypeError("dispatcher must be an undici Dispatcher");
}

/** @throws TypeError when the URL is not one that requests can be sent to. */
export function readBaseUrl({ baseURL, azure }: OpenAIOptions): URL {
  if (azure && baseURL === undefined) throw new TypeError("azure needs a baseURL: your resource's endpoint");
  let url: URL;
  try {
    url = new URL(baseURL ?? OPENAI_URL);
  } catch {
    throw new TypeError("baseURL must be an absolute URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`baseURL must start with https: or http:, not ${url.protocol}`);
  }
  if (url.username || url.password) throw new TypeError("baseURL must not carry credentials: use apiKey or headers");
  if (url.search || url.hash) throw new TypeError("baseURL must have neither a query nor a fragment");
  return url;
}

export function isOpenAIItself(url: URL): boolean {
  return url.origin === new URL(OPENAI_URL).origin;
}

/** OpenAI, and Azure's API of the same version: they have `/responses`, which look-alikes often lack. */
export function hasResponses(url: URL): boolean {
  const azure = /\.(?:openai\.azure\.com|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/.test(url.hostname);
  return isOpenAIItself(url) || (azure && /^\/openai\/v1\/?$/.test(url.pathname));
}

function milliseconds(options: OpenAIOptions, name: NumericOption, fallback: number): number {
  return integer(options, name, fallback, 0, LONGEST_TIMER);
}

type NumericOption = {
  [K in keyof OpenAIOptions]-?: OpenAIOptions[K] extends number | undefined ? K : never;
}[keyof OpenAIOptions];

function integer(options: OpenAIOptions, name: NumericOption, fallback: number, least: number, most: number): number {
  const value = options[name] ?? fallback;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}
