import type { HostedOutlet } from "./outlet.provider.ts";

/** Makes the official client once, when it is first asked for. */
export function createOpenAIFactory({ outlet, clientPrincipal }: HostedOutlet): () => Promise<unknown> {
  let client: Promise<unknown> | undefined;
  return () => {
    client ??= createClient();
    return client;
  };

  async function createClient(): Promise<unknown> {
    const { OpenAI } = await loadOpenAI();
    const { fetch } = outlet.as(clientPrincipal);
    return new OpenAI({ baseURL: "http://outlet/v1", apiKey: "in-process", fetch });
  }
}

async function loadOpenAI() {
  try {
    return await import("openai");
  } catch (cause) {
    throw new Error('@InjectOpenAI() needs the package "openai": npm install openai', { cause });
  }
}
