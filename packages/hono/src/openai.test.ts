import { Hono } from "hono";
import OpenAI from "openai";
import { expect, expectTypeOf, it } from "vitest";
import { outlet, outletGuard } from "./index.ts";
import { openaiClient } from "./openai.ts";
import { echo, KEY, listen, quiet, settlements, slowModel } from "./test-support.ts";

const messages = [{ role: "user" as const, content: "from inside" }];

it("is the official client, as whoever sent the request, by the host's session or by a key", async () => {
  const principals: unknown[] = [];
  const api = outlet({
    models: { echo },
    keys: { [KEY]: { id: "machine" } },
    authenticate: (c) => (c.req.header("cookie") === "session=ana" ? { id: "ana" } : null),
    onSettle: ({ principal }) => principals.push(principal?.id),
  });
  const app = new Hono().get("/page", openaiClient(api), async (c) => {
    expectTypeOf(c.var.openai).toEqualTypeOf<OpenAI>();
    const completion = await c.var.openai.chat.completions.create({ model: "echo", messages });
    return c.json(completion.choices[0]?.message.content);
  });
  const senders: Record<string, string>[] = [{ cookie: "session=ana" }, { authorization: `Bearer ${KEY}` }];
  for (const headers of senders) {
    expect(await (await app.request("/page", { headers })).json()).toBe("from inside");
  }
  expect(principals).toEqual(["ana", "machine"]);
});

it("asks no second time who it is behind the outlet's guard", async () => {
  let asked = 0;
  const authenticate = () => {
    asked += 1;
    return { id: "ana" };
  };
  const api = outlet({ models: { echo }, authenticate });
  const app = new Hono().get("/page", outletGuard(api), openaiClient(api), async (c) => {
    return c.json((await c.var.openai.models.list()).data.map(({ id }) => id));
  });
  expect(await (await app.request("/page")).json()).toEqual(["echo"]);
  expect(asked).toBe(1);
});

it("answers for a stranger with an AuthenticationError, which the host sees", async () => {
  const api = outlet({ models: { echo }, keys: [KEY] });
  const app = new Hono().get("/page", openaiClient(api), async (c) => {
    const refused = await c.var.openai.models.list().catch((error: unknown) => error);
    return c.json(refused instanceof OpenAI.AuthenticationError);
  });
  expect(await (await app.request("/page")).json()).toBe(true);
});

it("stops its calls when the client leaves", async () => {
  const slow = slowModel();
  const { onSettle, settled } = settlements();
  const api = outlet({ models: { slow: slow.engine }, access: "open", logger: quiet, onSettle });
  const app = new Hono().get("/page", openaiClient(api, { maxRetries: 0 }), async (c) => {
    await c.var.openai.chat.completions.create({ model: "slow", messages }).catch(() => {});
    return c.text("too late");
  });
  const leaving = new AbortController();
  const page = fetch(`${await listen(app)}/page`, { signal: leaving.signal }).catch(() => {});
  await slow.started;
  leaving.abort();
  await Promise.all([slow.aborted, page]);
  expect((await settled).outcome).toBe("cancelled");
});
