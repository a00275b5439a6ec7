import { type EngineContext, engineFailed } from "@outlet/core";
import type { OpenAIOptions } from "./openai.options.ts";

/** Names and values in turn, as undici takes them fastest. */
export type FlatHeaders = readonly string[];

export interface RequestHeaders {
  /** The same for every request; null when an option is a function. */
  readonly fixed: FlatHeaders | null;
  /** Asks the options' functions. @throws ApiError 502 when the key cannot be had. */
  resolve(context: EngineContext): Promise<FlatHeaders>;
}

/** What frames or describes the message itself is the engine's to say; it does not decompress replies. */
const REFUSED = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const REQUEST_ID_HEADER = "x-client-request-id";

/** @throws TypeError when a key or a header could not be sent. */
export function createRequestHeaders(options: OpenAIOptions): RequestHeaders {
  const { apiKey, headers, organization, project, azure } = options;
  const own: Record<string, string> = { accept: "*/*", "user-agent": "outlet" };
  if (organization) own["openai-organization"] = organization;
  if (project) own["openai-project"] = project;
  if (typeof apiKey === "string") Object.assign(own, keyHeader(apiKey, azure ? "api-key" : "authorization"));
  else if (apiKey !== undefined && typeof apiKey !== "function")
    throw new TypeError("apiKey must be a string or a function");
  check(own);
  if (headers !== undefined && typeof headers !== "function") Object.assign(own, lowerCased(headers));

  const changes = typeof apiKey === "function" || typeof headers === "function";
  return {
    fixed: changes ? null : Object.entries(own).flat(),
    async resolve(context) {
      const all = { ...own };
      if (typeof apiKey === "function") Object.assign(all, await freshKey(apiKey));
      // Headers from an object win over a key from a function, too.
      if (typeof headers === "function") Object.assign(all, lowerCased(await headers(context)));
      else if (headers) Object.assign(all, lowerCased(headers));
      return Object.entries(all).flat();
    },
  };
}

async function freshKey(apiKey: () => string | Promise<string>): Promise<Record<string, string>> {
  try {
    return keyHeader(await apiKey(), "authorization");
  } catch (cause) {
    throw engineFailed("The key for the upstream could not be obtained.", cause);
  }
}

function keyHeader(key: string, name: "api-key" | "authorization"): Record<string, string> {
  if (typeof key !== "string" || key.trim() === "") throw new TypeError("apiKey is empty");
  if (!VALUE.test(key)) throw new TypeError("apiKey has characters that no header can carry");
  return { [name]: name === "authorization" ? `Bearer ${key}` : key };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of Object.keys(lower)) if (REFUSED.has(name)) throw new TypeError(`headers must not set ${name}`);
  return check(lower);
}

function check(headers: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a header name`);
    if (typeof value !== "string" || !VALUE.test(value)) throw new TypeError(`header ${name} has an invalid value`);
  }
  return headers;
}
