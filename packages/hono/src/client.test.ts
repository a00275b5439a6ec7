import { type ChatCompletion, type ErrorObject, operations } from "@outlet/core";
import { Hono } from "hono";
import { hc, type InferRequestType, type InferResponseType } from "hono/client";
import { inspectRoutes } from "hono/dev";
import { expect, expectTypeOf, it } from "vitest";
import { type OutletSchema, outlet } from "./index.ts";
import { echo, KEY, listen } from "./test-support.ts";

const app = new Hono()
  .get("/health", (c) => c.json({ up: true }))
  .route("/v1", outlet({ models: { echo }, keys: [KEY] }));

type Methods = { [Path in keyof OutletSchema]: Record<keyof OutletSchema[Path], true> };
type Client = ReturnType<typeof hc<typeof app>>;
type PostChat = Client["v1"]["chat"]["completions"]["$post"];

it("types every operation that a project's key opens, and no other", () => {
  // The compiler holds this table against the schema, the assertion holds it against the operations.
  const typed: Methods = {
    "/responses": { $post: true },
    "/responses/:response_id": { $get: true, $delete: true },
    "/responses/:response_id/cancel": { $post: true },
    "/responses/:response_id/input_items": { $get: true },
    "/responses/compact": { $post: true },
    "/responses/input_tokens": { $post: true },
    "/conversations": { $post: true },
    "/conversations/:conversation_id": { $get: true, $post: true, $delete: true },
    "/conversations/:conversation_id/items": { $get: true, $post: true },
    "/conversations/:conversation_id/items/:item_id": { $get: true, $delete: true },
    "/chat/completions": { $get: true, $post: true },
    "/chat/completions/:completion_id": { $get: true, $post: true, $delete: true },
    "/chat/completions/:completion_id/messages": { $get: true },
    "/embeddings": { $post: true },
    "/models": { $get: true },
    "/models/:model": { $get: true, $delete: true },
    "/moderations": { $post: true },
    "/completions": { $post: true },
  };
  const answered: Record<string, Record<string, true>> = {};
  for (const { path, method, auth } of operations) {
    if (auth === "admin") continue;
    const honoPath = path.replaceAll(/\{(\w+)\}/g, ":$1");
    answered[honoPath] = { ...answered[honoPath], [`$${method.toLowerCase()}`]: true };
  }
  expect(typed).toEqual(answered);
});

it("shows its routes to Hono", () => {
  const shown = inspectRoutes(app).map(({ method, path }) => `${method} ${path}`);
  expect(shown).toContain("POST /v1/chat/completions");
  expect(shown).toContain("GET /v1/models/:model");
});

it("gives hc its types", () => {
  expectTypeOf<InferResponseType<PostChat, 200>>().toEqualTypeOf<ChatCompletion>();
  expectTypeOf<InferResponseType<PostChat, 401>>().toEqualTypeOf<{ error: ErrorObject }>();
  expectTypeOf<InferRequestType<PostChat>["json"]["messages"]>().not.toBeAny();
  const client = hc<typeof app>("http://localhost");
  // @ts-expect-error A request without messages is none.
  () => client.v1.chat.completions.$post({ json: { model: "echo" } });
  // @ts-expect-error Streams have no type in hc.
  () => client.v1.chat.completions.$post({ json: { model: "echo", messages: [], stream: true } });
  // @ts-expect-error No such operation.
  () => client.v1.nothing.$get();
});

it("answers hc", async () => {
  const client = hc<typeof app>(await listen(app), { headers: { authorization: `Bearer ${KEY}` } });
  const chat = await client.v1.chat.completions.$post({
    json: { model: "echo", messages: [{ role: "user", content: "hi there" }] },
  });
  if (!chat.ok) throw new Error((await chat.json()).error.message);
  expect((await chat.json()).choices[0]?.message.content).toBe("hi there");

  const conversation = await client.v1.conversations.$post({ json: { metadata: { topic: "hc" } } });
  if (!conversation.ok) throw new Error((await conversation.json()).error.message);
  const param = { conversation_id: (await conversation.json()).id };
  const items = client.v1.conversations[":conversation_id"].items;
  await items.$post({ param, json: { items: [{ role: "user", content: "one" }] } });
  const include = ["message.input_image.image_url" as const];
  const listed = await items.$get({ param, query: { limit: "1", "include[]": include } });
  if (!listed.ok) throw new Error((await listed.json()).error.message);
  expect((await listed.json()).data).toMatchObject([{ type: "message", role: "user" }]);

  const models = await client.v1.models.$get();
  if (models.ok) expect((await models.json()).data[0]?.id).toBe("echo");
  const none = await client.v1.models[":model"].$get({ param: { model: "org/none" } });
  if (none.ok) throw new Error("there is no such model");
  expect((await none.json()).error.code).toBe("model_not_found");
  expect((await client.health.$get()).ok).toBe(true);
});
