import type { Operation } from "@outlet/core";
import fc, { type Arbitrary } from "fast-check";
import { CHAT_DEPENDENT, chat } from "./chat.ts";
import { imageUrl } from "./media.ts";
import { items, RESPONSE_INDEPENDENT, response } from "./responses.ts";
import { anyText } from "./text.ts";

type Json = Record<string, unknown>;

/** What of an operation's request a schema cannot make, since its parts have to belong together, and who makes it. */
interface Composed {
  readonly made: Arbitrary<Json>;
  readonly keeps: (parameter: string) => boolean;
}

const all = () => true;
const few = fc.integer({ min: 1, max: 3 });
const moderated = fc.oneof(
  anyText.map((text) => ({ type: "text", text })),
  imageUrl.map((url) => ({ type: "image_url", image_url: { url } })),
);

const COMPOSED: Readonly<Record<string, Composed>> = {
  createChatCompletion: { made: chat, keeps: (name) => !CHAT_DEPENDENT.includes(name) },
  createResponse: { made: response, keeps: (name) => RESPONSE_INDEPENDENT.includes(name) },
  Compactconversation: {
    made: items.map((list) => ({ input: list })),
    keeps: (name) => ["model", "instructions", "prompt_cache_key"].includes(name),
  },
  Getinputtokencounts: { made: counted(), keeps: (name) => name === "model" || name === "instructions" },
  createConversation: { made: items.map((list) => ({ items: list })), keeps: all },
  createConversationItems: { made: items.map((list) => ({ items: list })), keeps: all },
  createModeration: {
    made: fc.array(moderated, { minLength: 1, maxLength: 3 }).map((input) => ({ input })),
    keeps: all,
  },
  createCompletion: {
    made: fc.oneof(
      fc.constantFrom<Json>({}, { stream: true }, { stream: true, stream_options: { include_usage: true } }),
      fc.tuple(few, few).map(([n, more]) => ({ n, best_of: n + more })),
    ),
    keeps: (name) => !["stream", "stream_options", "n", "best_of"].includes(name),
  },
};

/** What of a response is counted: everything but how the answer comes. */
function counted(): Arbitrary<Json> {
  return response.map(({ stream, stream_options, ...rest }) => rest);
}

/** A body that its schema made, with what belongs together made together. */
export function composed({ id }: Operation, body: Json): Arbitrary<Json> {
  const known = COMPOSED[id];
  if (!known) return fc.constant(body);
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => known.keeps(name)));
  return known.made.map((made) => ({ ...kept, ...made }));
}
