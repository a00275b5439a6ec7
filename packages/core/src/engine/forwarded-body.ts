import { latin1 } from "../http/latin1.ts";

export interface RelayedRequest {
  model: string;
  stream?: boolean | null | undefined;
  stream_options?: { include_usage?: boolean | undefined } | null | undefined;
}

/**
 * The client's own bytes wherever that is possible. A stream is always asked for its usage, or it could not be metered:
 * the option is put in front of the client's bytes, and what it adds to the reply is taken out again.
 */
export function forwardedBody(
  request: RelayedRequest,
  bytes: Uint8Array | null,
  engineModel: string,
): Uint8Array | string {
  const rawBody = bytes && namesModelOnce(bytes) ? bytes : null;
  const renamed = request.model !== engineModel;
  const addUsage = request.stream === true && request.stream_options?.include_usage !== true;
  if (rawBody && !renamed && !addUsage) return rawBody;
  if (rawBody && !renamed && !Object.hasOwn(request, "stream_options")) return withUsageOption(rawBody);
  const stream_options = { ...request.stream_options, include_usage: true };
  return JSON.stringify({ ...request, model: engineModel, ...(addUsage && { stream_options }) });
}

const USAGE_OPTION = new TextEncoder().encode('{"stream_options":{"include_usage":true},');
const OPEN_BRACE = 0x7b;

function withUsageOption(rawBody: Uint8Array): Uint8Array {
  const rest = rawBody.indexOf(OPEN_BRACE) + 1;
  const body = new Uint8Array(USAGE_OPTION.length + rawBody.length - rest);
  body.set(USAGE_OPTION);
  body.set(rawBody.subarray(rest), USAGE_OPTION.length);
  return body;
}

/** Without its last quote: V8 looks for six characters faster than for seven. */
const MODEL_KEY = '"model';
const QUOTE = 0x22;
/** A JSON escape of a letter: what a key can be hidden with. */
const ESCAPED_LETTER = /\\u00[4-7]/i;

/**
 * False where another parser could read another model than the one that was checked and will be billed: JSON that has the
 * key twice means the last to some and the first to others. Such bodies are written anew.
 */
function namesModelOnce(bytes: Uint8Array): boolean {
  const text = latin1(bytes);
  let found = 0;
  for (let at = text.indexOf(MODEL_KEY); at >= 0; at = text.indexOf(MODEL_KEY, at + 1)) {
    if (text.charCodeAt(at + MODEL_KEY.length) === QUOTE) found += 1;
  }
  return found <= 1 && !(text.includes("\\u00") && ESCAPED_LETTER.test(text));
}
