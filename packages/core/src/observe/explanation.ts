import type { Nanodollars } from "../ledger/money.ts";

/** What became of a request's parameters: names, and never what was in them. */
export interface Explanation {
  /** Those that the request has, as the API reference names them. */
  readonly received: readonly string[];
  /** How many it has besides, which the reference does not know. Their names are the client's own words. */
  readonly unknown: number;
  /** What the engine was asked, in the terms of the operation that it was asked by: a response may be asked of it as a chat. */
  readonly sent: readonly string[];
  /** Made up for by the outlet, as the header `outlet-emulated` has them. */
  readonly emulated: readonly string[];
  /** Received, and neither sent nor made up for: seen to by the outlet itself (`n`, `store`), or asking for nothing. */
  readonly dropped: readonly string[];
  /** Null where there is no ledger or no model was asked. */
  readonly priced: Priced | null;
}

export interface Priced {
  /** The id that it is charged under. */
  readonly model: string;
  /** False where nobody knows a price, so that it costs nothing. */
  readonly known: boolean;
  /** What its budgets held for it until it was settled. */
  readonly reserved: Nanodollars;
  /** Null where that is found out later. */
  readonly cost: Nanodollars | null;
}

/** What is known of it so far. */
export interface Explained {
  /** Whether replies tell it. */
  readonly told: boolean;
  /** The parameters of its operation. */
  readonly documented: Readonly<Record<string, unknown>>;
  readonly received: readonly string[];
  readonly unknown: number;
  readonly sent: Set<string>;
  priced: Priced | null;
}

/** Parameters of Responses, and how a chat says the same. */
const AS_CHAT: Readonly<Record<string, readonly string[]>> = {
  input: ["messages"],
  instructions: ["messages"],
  max_output_tokens: ["max_completion_tokens"],
  previous_response_id: ["messages", "input"],
  conversation: ["messages", "input"],
  text: ["response_format", "verbosity"],
  reasoning: ["reasoning_effort"],
  prompt: ["messages"],
  messages: ["prompt"],
};

/** Upstreams may be sent what no reference names. */
const MAX_SENT = 128;

export function startExplaining(
  request: object,
  documented: Readonly<Record<string, unknown>>,
  told: boolean,
): Explained {
  const received: string[] = [];
  let unknown = 0;
  for (const name of Object.keys(request)) {
    if (Object.hasOwn(documented, name)) received.push(name);
    else unknown += 1;
  }
  return { told, documented, received, unknown, sent: new Set(), priced: null };
}

/** The request as an engine is asked it; `terms` are the parameters of the operation that it is asked by, where that is another. */
export function noteSent({ sent, documented }: Explained, request: object, terms = documented): void {
  for (const [name, value] of Object.entries(request)) {
    if (value !== undefined && sent.size < MAX_SENT && Object.hasOwn(terms, name)) sent.add(name);
  }
}

export function explanationOf(explained: Explained, emulated: ReadonlySet<string>): Explanation {
  const { received, unknown, sent, priced } = explained;
  return {
    received,
    unknown,
    sent: [...sent],
    emulated: [...emulated],
    dropped: received.filter((name) => !isSent(name, sent) && !isEmulated(name, emulated)),
    priced,
  };
}

/** `received=("model" "n"), sent=("model")`: a dictionary as RFC 9651 has them. What is priced is known only after the reply. */
export function explanationHeader(explained: Explained, { emulated }: { emulated: ReadonlySet<string> }): string {
  const { received, sent, dropped, unknown } = explanationOf(explained, emulated);
  const lists = { received, sent, emulated: [...emulated], dropped };
  const words = Object.entries(lists).map(([key, names]) => `${key}=(${names.map((name) => `"${name}"`).join(" ")})`);
  return [...words, `unknown=${unknown}`].join(", ");
}

function isSent(name: string, sent: ReadonlySet<string>): boolean {
  return sent.has(name) || (AS_CHAT[name]?.some((other) => sent.has(other)) ?? false);
}

/** `response_format=tool` makes up for `response_format`. */
function isEmulated(name: string, emulated: ReadonlySet<string>): boolean {
  if (emulated.has(name)) return true;
  for (const one of emulated) if (one.startsWith(`${name}=`) || one.startsWith(`${name}.`)) return true;
  return false;
}
