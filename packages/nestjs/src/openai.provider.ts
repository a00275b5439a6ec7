import type { HostedOutlet } from "./outlet.provider.ts";

/** Makes the official client once, when it is first asked for. */
export function createOpenAIFactory({ outlet, clientKey }: HostedOutlet): () => Promise<unknown> {
  let client: Promise<unknown> | undefined;
  return () => {
    client ??= createClient();
    return client;
  };

  async function createClient(): Promise<unknown> {
    if (clientKey === null) {
      throw new Error("@InjectOpenAI() needs `client: { apiKey }` where OutletModule mounts an existing outlet");
    }
    const { OpenAI } = await loadOpenAI();
    return new OpenAI({ baseURL: "http://outlet/v1", apiKey: clientKey, fetch: outlet.fetch });
  }
}

async function loadOpenAI() {
  try {
    return await import("openai");
  } catch (cause) {
    throw new Error('@InjectOpenAI() needs the package "openai": npm install openai', { cause });
  }
}
