import OpenAI from "openai";
import { expect, it } from "vitest";
import { createMemoryStore, createOutlet, defineModel, type OutletOptions, type Store } from "../index.ts";
import { testOutlet } from "../test-support.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const models = { m: defineModel(() => "hi") };
const zero = { type: "zero_data_retention" } as const;

function serve(options: Partial<OutletOptions>) {
  const { outlet } = testOutlet({ models, ...options });
  const options_ = { baseURL: "http://outlet/v1", adminAPIKey: ADMIN, fetch: outlet.fetch, maxRetries: 0 };
  return { outlet, client: new OpenAI({ ...options_, apiKey: "sk-host" }) };
}

/** What a response says of itself; the SDK's types leave it out. */
async function isStored({ responses }: OpenAI): Promise<unknown> {
  return ((await responses.create({ model: "m", input: "hi" })) as { store?: boolean }).store;
}

it("holds for everybody where the host says so and no admin has", async () => {
  expect(await isStored(serve({}).client)).toBe(true);
  const { client } = serve({ retention: zero });
  expect(await isStored(client)).toBe(false);
  await expect(client.conversations.create({})).rejects.toMatchObject({ status: 400, code: zero.type });
});

it("is what the admin API tells of an organization of which nothing was said, until something is", async () => {
  const at = (id: string, organization: string) => ({ id, organization });
  const keys = {
    "sk-boss": { ...at("boss", "org-1"), admin: true },
    "sk-host": at("somebody", "org-1"),
    "sk-else": at("somebody", "org-2"),
  };
  const { client } = serve({ retention: zero, keys, platform: {} });
  const { dataRetention } = client.withOptions({ adminAPIKey: "sk-boss" }).admin.organization;
  expect(await dataRetention.retrieve()).toMatchObject(zero);
  expect(await isStored(client)).toBe(false);
  await dataRetention.update({ retention_type: "modified_abuse_monitoring" });
  // It holds for callers of the organization that have no project, and for no other organization's.
  expect(await isStored(client)).toBe(true);
  expect(await isStored(client.withOptions({ apiKey: "sk-else" }))).toBe(false);
});

it("asks the store once who a caller's organization is, and not again", async () => {
  const memory = createMemoryStore();
  const reads: string[] = [];
  const get: Store["get"] = (key) => {
    reads.push(key.collection);
    return memory.get(key);
  };
  const keys = { "sk-host": { id: "host", organization: "org-1" } };
  const { client } = serve({ keys, platform: { adminKeys: [ADMIN] }, store: { ...memory, durable: true, get } });
  await isStored(client);
  reads.length = 0;
  await isStored(client);
  expect(reads).toEqual([]);
});

it("is refused by name where there is no such type", () => {
  const retention = { type: "none" } as never;
  expect(() => createOutlet({ models, access: "open", retention })).toThrow(/retention\.type must be one of/);
});
