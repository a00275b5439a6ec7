import OpenAI from "openai";
import { expect, it } from "vitest";
import { defineModel, type Outlet, webExchange } from "../index.ts";
import { testOutlet } from "../test-support.ts";

const models = { m: defineModel(() => "hi") };
const keys = { "sk-ana": { id: "ana" } };

const client = (fetch: Outlet["fetch"]) =>
  new OpenAI({ baseURL: "http://outlet/v1", apiKey: "in-process", fetch, maxRetries: 0 });

const from = (headers: Record<string, string>, signal?: AbortSignal) =>
  webExchange(new Request("http://host/page", { headers, ...(signal && { signal }) }));

it("calls as a principal without a key, whatever the outlet's way in", async () => {
  for (const access of [{ keys }, { authenticate: () => null }, {}]) {
    const { outlet, settled } = testOutlet({ models, ...access });
    await client(outlet.as({ id: "cron", project: "proj_1" }).fetch).models.list();
    expect(settled[0]?.principal).toEqual({ id: "cron", project: "proj_1" });
  }
});

it("opens nothing to those who only have the outlet's fetch", async () => {
  const { outlet } = testOutlet({ models, keys });
  outlet.as({ id: "cron" });
  await expect(client(outlet.fetch).models.list()).rejects.toMatchObject({ status: 401 });
});

it("calls as whoever sent a request, found out once", async () => {
  let asked = 0;
  const { outlet, settled } = testOutlet({
    models,
    keys,
    authenticate: (exchange) => {
      asked += 1;
      const user = exchange.header("x-user");
      return user ? { id: user } : null;
    },
  });
  const bob = client(outlet.asCallerOf(from({ "x-user": "bob" })).fetch);
  await Promise.all([bob.models.list(), bob.models.list()]);
  await client(outlet.asCallerOf(from({ authorization: "Bearer sk-ana" })).fetch).models.list();
  expect(settled.map(({ principal }) => principal?.id)).toEqual(["bob", "bob", "ana"]);
  expect(asked).toBe(2);
  const stranger = client(outlet.asCallerOf(from({})).fetch);
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});

it("asks no second time who it is that its own guard has let in", async () => {
  let asked = 0;
  const authenticate = () => {
    asked += 1;
    return { id: "bob" };
  };
  const { outlet, settled } = testOutlet({ models, authenticate });
  const { visit } = await outlet.guard()(from({}));
  await client(outlet.asCallerOf(from({}), visit?.caller).fetch).models.list();
  expect([asked, settled[0]?.principal]).toEqual([1, { id: "bob" }]);
});

it("takes nobody else's word for who it is", async () => {
  const { outlet, settled } = testOutlet({ models, keys });
  const other = testOutlet({ models, authenticate: () => ({ id: "ana", admin: true }) });
  const { visit } = await other.outlet.guard()(from({}));
  for (const caller of [visit?.caller, { ...visit?.caller } as never, "ana" as never]) {
    const { models } = client(outlet.asCallerOf(from({}), caller).fetch);
    await expect(models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  }
  expect(settled.map(({ principal }) => principal)).toEqual([null, null, null]);
});

it("stops its calls when the sender leaves", async () => {
  const leaving = new AbortController();
  const slow = defineModel(async ({ signal }) => {
    leaving.abort();
    return signal.aborted ? "told" : "not told";
  });
  const { outlet, settled } = testOutlet({ models: { m: slow } });
  const { chat } = client(outlet.asCallerOf(from({}, leaving.signal)).fetch);
  const ask = () => chat.completions.create({ model: "m", messages: [{ role: "user", content: "x" }] });
  await expect(ask()).rejects.toMatchObject({ status: 499 });
  await expect(ask()).rejects.toMatchObject({ status: 499 });
  expect(settled.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled"]);
});
