import { createOutlet, defineModel, type OutletOptions, type Store } from "@outlet/core";
import OpenAI from "openai";
import { onTestFinished } from "vitest";

const ADMIN = "sk-admin-of-the-host-0123456789";

/** How soon a process sees what another one has changed. */
export const REFRESH_MS = 200;

/** A server of the platform's, as one of its processes is. */
export function servePlatform(store: Store, options: Partial<OutletOptions> = {}) {
  const outlet = createOutlet({
    models: { greeter: defineModel(() => "Hello!") },
    platform: { adminKeys: [ADMIN], refreshMs: REFRESH_MS },
    store,
    logger: { error() {}, warn() {} },
    ...options,
  });
  onTestFinished(() => outlet.close({ graceMs: 0 }));
  const client = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, adminAPIKey: ADMIN, fetch: outlet.fetch, maxRetries: 0 });
  return {
    organization: client("none").admin.organization,
    /** What the admin API answers where the SDK has no method for it. */
    admin: async (method: string, path: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${ADMIN}` };
      return (await outlet.fetch(`http://outlet/v1${path}`, { method, headers })).json();
    },
    chat: (apiKey: string, content = "Hi") =>
      client(apiKey).chat.completions.create({ model: "greeter", messages: [{ role: "user", content }] }),
    /** 200, or what the call is refused with. */
    status: (apiKey: string): Promise<number> =>
      client(apiKey)
        .models.list()
        .then(
          () => 200,
          (error) => error.status,
        ),
  };
}

export async function newKey({ organization: { projects } }: Pick<ReturnType<typeof servePlatform>, "organization">) {
  const project = await projects.create({ name: "Search" });
  const account = await projects.serviceAccounts.create(project.id, { name: "indexer" });
  const { id, value } = account.api_key as NonNullable<typeof account.api_key>;
  return { project_id: project.id, id, value };
}
