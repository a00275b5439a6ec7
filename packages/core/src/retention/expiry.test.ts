import OpenAI from "openai";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  type ChatInput,
  createMemoryStore,
  createOutlet,
  defineModel,
  type OutletOptions,
  type Store,
} from "../index.ts";
import { testOutlet } from "../test-support.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function serve(
  options: Partial<OutletOptions> = {},
  say: (input: ChatInput) => string | Promise<string> = () => "hello",
) {
  const made = testOutlet({ models: { m: defineModel({ chat: say }) }, ...options });
  const client = (apiKey = "x") =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, fetch: made.outlet.fetch, maxRetries: 0 });
  return { ...made, client };
}

const respond = ({ responses }: OpenAI) => responses.create({ model: "m", input: "hi" });
const complete = ({ chat }: OpenAI) =>
  chat.completions.create({ model: "m", messages: [{ role: "user", content: "hi" }], store: true });

const idsOf = async ({ chat }: OpenAI) => (await chat.completions.list()).data.map(({ id }) => id);
const goesOn = (days: number) => vi.setSystemTime(Date.now() + days * DAY);
const isGone = { status: 404 };

it("keeps responses and completions for 30 days, to the second, and then they never were", async () => {
  const client = serve().client();
  const { responses, chat } = client;
  const [response, first] = [await respond(client), await complete(client)];
  goesOn(1);
  const second = await complete(client);
  vi.setSystemTime(Date.now() + 29 * DAY - 1);
  expect((await responses.retrieve(response.id)).output_text).toBe("hello");
  expect(await idsOf(client)).toEqual([first.id, second.id]);
  vi.setSystemTime(Date.now() + 1);
  const { id } = response;
  const asked = { model: "m", input: "and?", previous_response_id: id };
  for (const gone of [
    responses.retrieve(id),
    responses.inputItems.list(id),
    responses.delete(id),
    chat.completions.retrieve(first.id),
    chat.completions.update(first.id, { metadata: { a: "b" } }),
    chat.completions.messages.list(first.id),
    chat.completions.delete(first.id),
  ]) {
    await expect(gone).rejects.toMatchObject(isGone);
  }
  await expect(responses.create(asked)).rejects.toMatchObject({ status: 400, code: "previous_response_not_found" });
  await expect(chat.completions.list({ after: first.id })).rejects.toMatchObject({ status: 400, param: "after" });
  expect(await idsOf(client)).toEqual([second.id]);
});

it("asks the host how long, for each project and organization", async () => {
  const keys = {
    "sk-short": { id: "a", organization: "org-1", project: "short" },
    "sk-other": { id: "b", organization: "org-1", project: "other" },
    "sk-ever": { id: "c", organization: "org-ever", project: "short" },
  };
  const days: NonNullable<OutletOptions["retention"]>["days"] = ({ organization, project }) => {
    if (organization === "org-ever") return null;
    return project === "short" ? 0.5 : undefined;
  };
  const { client } = serve({ keys, retention: { days } });
  const stored: Record<string, string> = {};
  for (const key of Object.keys(keys)) stored[key] = (await respond(client(key))).id;
  const kept = async () => {
    const found: string[] = [];
    for (const [key, id] of Object.entries(stored)) {
      const response = await client(key)
        .responses.retrieve(id)
        .catch(() => null);
      if (response) found.push(key);
    }
    return found;
  };
  goesOn(0.5);
  expect(await kept()).toEqual(["sk-other", "sk-ever"]);
  goesOn(29.5);
  expect(await kept()).toEqual(["sk-ever"]);
  goesOn(36_500);
  expect(await kept()).toEqual(["sk-ever"]);
});

it("counts from the end of a response that is made in the background, however it ends", async () => {
  const gates = new Map(["done", "failed", "cancelled"].map((name) => [name, Promise.withResolvers<string>()]));
  const { client } = serve({ store: sharedStore() }, ({ messages }) => {
    return gates.get(messages.at(-1)?.content as string)?.promise ?? "hello";
  });
  const { responses } = client();
  const start = async (input: string) => (await responses.create({ model: "m", input, background: true })).id;
  const [done, failed, cancelled] = [await start("done"), await start("failed"), await start("cancelled")];
  goesOn(40);
  const status = async (id: string) => (await responses.retrieve(id)).status;
  for (const id of [done, failed, cancelled]) expect(await status(id)).toMatch(/queued|in_progress/);
  gates.get("done")?.resolve("hello");
  gates.get("failed")?.reject(new Error("boom"));
  await responses.cancel(cancelled);
  await vi.waitFor(async () => {
    expect([await status(done), await status(failed)]).toEqual(["completed", "failed"]);
  });
  goesOn(29.99);
  expect(await status(cancelled)).toBe("cancelled");
  for (const id of [done, failed]) await expect(status(id)).resolves.toBeTruthy();
  goesOn(0.01);
  for (const id of [done, failed, cancelled]) await expect(status(id)).rejects.toMatchObject(isGone);
});

it("keeps what was said in a conversation when the response that said it has expired", async () => {
  const { conversations, responses } = serve().client();
  const { id } = await conversations.create({});
  const response = await responses.create({ model: "m", input: "hi", conversation: id });
  goesOn(365);
  await expect(responses.retrieve(response.id)).rejects.toMatchObject(isGone);
  expect((await conversations.items.list(id)).data).toHaveLength(2);
  expect((await responses.create({ model: "m", input: "and?", conversation: id })).output_text).toBe("hello");
});

/** What outlets share as processes share a database. */
function sharedStore(memory = createMemoryStore()): Store {
  return { ...memory, durable: true, close: async () => {} };
}

it("erases what has expired, one process at a time", async () => {
  const memory = createMemoryStore();
  const erasing = [0, 0];
  const outlets = [0, 1].map((i) => {
    const expire: Store["expire"] = (now) => {
      erasing[i] = (erasing[i] as number) + 1;
      return memory.expire(now);
    };
    return serve({ store: sharedStore({ ...memory, expire }) });
  });
  const stored: string[] = [];
  for (let i = 0; i < 250; i += 1) stored.push((await complete((outlets[0] as (typeof outlets)[0]).client())).id);
  const owner = "caller:/anyone";
  const left = async () => {
    const page = await memory.list({ collection: "chat.completion", owner, order: "asc", limit: 1_000 });
    return page?.records.length;
  };
  expect(await left()).toBe(250);
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(await left()).toBe(250);
  goesOn(30);
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(await left()).toBe(0);
  // Of four minutes, three had nothing to erase; in one it took three times, and once more to see that it was all.
  expect((erasing[0] as number) + (erasing[1] as number)).toBe(3 + 4);
  await Promise.all(outlets.map(({ outlet }) => outlet.close()));
});

it("goes on erasing when a clock that was far ahead has been set right", async () => {
  const memory = createMemoryStore();
  const { client } = serve({ store: memory });
  const right = Date.now();
  vi.setSystemTime(right + 3_650 * DAY);
  await vi.advanceTimersByTimeAsync(MINUTE);
  vi.setSystemTime(right);
  const { id } = await respond(client());
  const key = { collection: "response", owner: "caller:/anyone", id };
  goesOn(31);
  expect(await memory.get(key)).not.toBeNull();
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(await memory.get(key)).toBeNull();
});

it("tries again when the store was away", async () => {
  const memory = createMemoryStore();
  let away = true;
  const expire: Store["expire"] = async (now) => {
    if (away) throw new Error("no route to host");
    return memory.expire(now);
  };
  const { client, logged } = serve({ store: sharedStore({ ...memory, expire }) });
  const { id } = await respond(client());
  const key = { collection: "response", owner: "caller:/anyone", id };
  goesOn(31);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(logged.map(({ message }) => message)).toEqual([expect.stringMatching(/expired could not be erased/)]);
  expect(await memory.get(key)).not.toBeNull();
  away = false;
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(await memory.get(key)).toBeNull();
});

it("erases nothing more once it is closed, and waits for what is being erased", async () => {
  const memory = createMemoryStore();
  const chunk = Promise.withResolvers<number>();
  const expire = vi.fn<Store["expire"]>(() => chunk.promise);
  const close = vi.fn(async () => {});
  const claim = vi.fn(memory.claim);
  const { outlet } = serve({ store: { ...memory, claim, expire, close } });
  await vi.advanceTimersByTimeAsync(MINUTE);
  const closed = outlet.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(close).not.toHaveBeenCalled();
  chunk.resolve(100);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  await closed;
  expect(close).toHaveBeenCalledTimes(1);
  expect(expire).toHaveBeenCalledTimes(1);
  expect(claim.mock.calls.filter(([collection]) => collection === "retention.turn")).toHaveLength(1);
});

it("erases with what is stored where no clock goes on between requests", async () => {
  const memory = createMemoryStore();
  const work: Promise<unknown>[] = [];
  const { client } = serve({ store: sharedStore(memory), jobs: { waitUntil: (one) => void work.push(one) } });
  const { id } = await respond(client());
  const key = { collection: "response", owner: "caller:/anyone", id };
  goesOn(31);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(await memory.get(key)).not.toBeNull();
  await respond(client());
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all(work);
  expect(await memory.get(key)).toBeNull();
});

it("tells of no half of a streamed response that is erased while it is read", async () => {
  const memory = createMemoryStore();
  let erase = false;
  const list: Store["list"] = async (query) => {
    if (erase && query.collection === "response.event") while ((await memory.expire(Number.MAX_SAFE_INTEGER)) > 0);
    return memory.list(query);
  };
  const { responses } = serve({ store: { ...memory, list } }).client();
  const stream = await responses.create({ model: "m", input: "hi", background: true, stream: true });
  let id = "";
  for await (const event of stream) if (event.type === "response.created") id = event.response.id;
  erase = true;
  await expect(responses.retrieve(id, { stream: true })).rejects.toMatchObject(isGone);
});

it("refuses what is no number of days", async () => {
  const models = { m: defineModel(() => "hi") };
  for (const days of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "30" as never]) {
    expect(() => createOutlet({ models, access: "open", retention: { days } })).toThrow(/retention\.days must be/);
  }
  const { client, logged } = serve({ retention: { days: () => -1 } });
  await expect(respond(client())).rejects.toMatchObject({ status: 500 });
  expect(logged[0]?.details.err?.message).toMatch(/retention\.days must be/);
});
