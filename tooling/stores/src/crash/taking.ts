import { createOutlet, defineModel, type Store } from "@outlet/core";
import OpenAI from "openai";

/** A client of an outlet that only takes requests: what it enqueues, other processes do. */
export function takingOutlet(store: Store): { client: OpenAI; close: () => Promise<void> } {
  const { claim: _, ...taking } = store;
  const outlet = createOutlet({
    models: { m: defineModel({ chat: () => "It is never asked." }) },
    access: "open",
    store: { ...taking, claim: async () => null, close: async () => {} },
  });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "none", fetch: outlet.fetch });
  return { client, close: outlet.close };
}
