import { ApiError, createOutlet } from "@outlet/core";
import { type Context, Hono } from "hono";
import { mount } from "hono/mount";
import { requestId } from "hono/request-id";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { outlet } from "./index.ts";
import { ask, contentOf, echo, errorOf, headers, KEY, listen, post, quiet } from "./test-support.ts";

const models = { echo, "org/model v1": echo };
const options = { models, keys: [KEY], logger: quiet };

/** The same app over a socket and in process. */
const ways: [string, (app: Hono) => Promise<(path: string, init?: RequestInit) => Promise<Response>>][] = [
  [
    "over @hono/node-server",
    async (app) => {
      const base = await listen(app);
      return (path, init) => fetch(base + path, init);
    },
  ],
  ["in process", async (app) => async (path, init) => app.request(path, init)],
];

describe.each(ways)("outlet %s", (_way, open) => {
  it("answers the official SDK: whole, streamed, with tools, with embeddings and models", async () => {
    const send = await open(new Hono().route("/v1", outlet(options)));
    const openai = new OpenAI({
      baseURL: "http://outlet/v1",
      apiKey: KEY,
      maxRetries: 0,
      fetch: (url, init) => send(String(url).replace("http://outlet", ""), init),
    });
    const messages = [{ role: "user" as const, content: "a b c" }];
    const whole = await openai.chat.completions.create({ model: "echo", messages });
    expect(whole.choices[0]?.message.content).toBe("a b c");

    let text = "";
    const stream = await openai.chat.completions.create({ model: "echo", messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("a b c");

    const tools = [{ type: "function" as const, function: { name: "look" } }];
    const called = await openai.chat.completions.create({ model: "echo", messages, tools });
    expect(called.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: "look", arguments: '{"ok":true}' } },
    ]);

    const { data } = await openai.embeddings.create({ model: "echo", input: ["x", "y"] });
    expect(data.map(({ embedding }) => embedding)).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(Object.keys(models));
    expect((await openai.models.retrieve("org/model v1")).id).toBe("org/model v1");
    await expect(openai.models.retrieve("none")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });

  it("mounts at the root, below a path with parameters, nested, and below a base path", async () => {
    const nested = new Hono().route("/openai", outlet(options));
    const app = new Hono()
      .basePath("/base")
      .route("/:tenant{[a-z]+}", nested)
      .route("/plain", outlet(options))
      .route("/", outlet(options));
    const send = await open(app as unknown as Hono);
    for (const mounted of ["/base/acme/openai", "/base/acme/openai/v1", "/base/plain", "/base", "/base/v1"]) {
      const response = await post(mounted, ask("hi"), {}, send);
      expect([mounted, response.status]).toEqual([mounted, 200]);
      const model = await send(`${mounted}/models/org%2Fmodel%20v1`, { headers });
      expect([mounted, model.status]).toEqual([mounted, 200]);
      expect((await send(`${mounted}/models/org/model%20v1`, { headers })).status).toBe(200);
    }
  });

  it("serves two outlets in one app, each with its own models and keys", async () => {
    const app = new Hono();
    app.route("/a", outlet({ models: { one: echo }, keys: ["sk-a"] }));
    app.route("/b", outlet({ models: { two: echo }, keys: ["sk-b"], logger: quiet }));
    const send = await open(app);
    const list = async (path: string, key: string) => {
      const response = await send(`${path}/models`, { headers: { authorization: `Bearer ${key}` } });
      const { data } = (await response.json()) as { data?: { id: string }[] };
      return [response.status, data?.map(({ id }) => id)];
    };
    expect(await list("/a", "sk-a")).toEqual([200, ["one"]]);
    expect(await list("/b", "sk-b")).toEqual([200, ["two"]]);
    expect(await list("/b", "sk-a")).toEqual([401, undefined]);
  });

  it("answers every error itself, in the envelope: neither onError nor notFound is asked", async () => {
    const asked: string[] = [];
    const app = new Hono();
    app.onError((_error, c) => {
      asked.push("onError");
      return c.text("own", 500);
    });
    app.notFound((c) => {
      asked.push("notFound");
      return c.text("own", 404);
    });
    const broken = { specificationVersion: "v1" as const, chat: () => Promise.reject(new Error("boom")) };
    app.route("/openai", outlet({ ...options, models: { ...models, broken } }));
    const send = await open(app);
    const failure = async (path: string, init: RequestInit) => {
      const response = await send(`/openai${path}`, init);
      expect(response.headers.get("x-request-id")).toMatch(/^req_/);
      const { message, code } = await errorOf(response);
      return [response.status, code, message];
    };
    const body = (value: unknown) => ({ method: "POST", headers, body: JSON.stringify(value) });
    expect(await failure("/nothing", { headers })).toEqual([404, "unknown_url", "Invalid URL (GET /openai/nothing)"]);
    expect(await failure("/embeddings", { headers })).toEqual([405, "method_not_supported", expect.any(String)]);
    expect(await failure("/models", {})).toEqual([401, null, expect.any(String)]);
    expect(await failure("/chat/completions", { ...body({}), body: "{" })).toEqual([400, null, expect.any(String)]);
    expect(await failure("/chat/completions", body({ model: "echo" }))).toEqual([
      400,
      "missing_required_parameter",
      expect.stringContaining("messages"),
    ]);
    expect(await failure("/chat/completions", body(ask("x", { model: "broken" })))).toEqual([
      500,
      null,
      expect.not.stringContaining("boom"),
    ]);
    expect(asked).toEqual([]);
  });

  it("leaves unknown paths to the app with fallthrough, but not the API's own", async () => {
    const app = new Hono();
    app.route("/", outlet({ ...options, fallthrough: true }));
    app.route("/existing", outlet(createOutlet(options), { fallthrough: true }));
    app.get("/about", (c) => c.text("about us"));
    app.notFound((c) => c.text("nobody home", 404));
    const send = await open(app);
    expect(await (await send("/about")).text()).toBe("about us");
    expect(await (await send("/existing/none")).text()).toBe("nobody home");
    expect((await send("/v1/models")).status).toBe(401);
    expect((await send("/existing/models")).status).toBe(401);
    expect((await send("/embeddings", { headers })).status).toBe(405);
  });

  it("lets the host's session decide who calls, and a key where there is none", async () => {
    type AppEnv = { Variables: { user?: string } };
    const app = new Hono<AppEnv>();
    app.use(async (c, next) => {
      c.set("user", c.req.header("cookie")?.replace("user=", ""));
      await next();
    });
    const api = outlet({
      ...options,
      authenticate: (c: Context<AppEnv>) => {
        const user = c.get("user");
        if (user === "mallory") throw new ApiError({ status: 403, type: "request_forbidden", message: "Not you." });
        return user ? { id: user, organization: `org-${user}` } : null;
      },
    });
    app.route("/v1", api);
    const send = await open(app as unknown as Hono);
    const ann = await send("/v1/models", { headers: { cookie: "user=ann" } });
    expect([ann.status, ann.headers.get("openai-organization")]).toEqual([200, "org-ann"]);
    const mallory = await send("/v1/models", { headers: { cookie: "user=mallory" } });
    expect([mallory.status, (await errorOf(mallory)).message]).toEqual([403, "Not you."]);
    expect((await send("/v1/models", { headers })).status).toBe(200);
    expect((await send("/v1/models")).status).toBe(401);
    // Outside Hono there is no context: authenticate is not asked, a key still opens.
    expect((await api.outlet.fetch("http://outlet/v1/models", { headers })).status).toBe(200);
  });

  it("is mounted by mount() as well, as a plain fetch handler", async () => {
    const core = createOutlet(options);
    const app = new Hono();
    app.all("/openai/*", mount(core.fetch));
    app.mount("/old", (request: Request) => core.fetch(request));
    const send = await open(app);
    for (const mounted of ["/openai", "/old"]) {
      expect(await contentOf(await post(mounted, ask("hi there"), {}, send))).toBe("hi there");
      expect(await (await post(mounted, ask("hi", { stream: true }), {}, send)).text()).toContain("[DONE]");
    }
  });

  it("replaces headers that mean the same, whoever set them first", async () => {
    const app = new Hono();
    app.use(requestId());
    app.use(async (c, next) => {
      c.res.headers.set("cache-control", "public");
      await next();
    });
    app.route("/v1", outlet(options));
    const send = await open(app);
    const response = await post("/v1", ask("hi", { stream: true }), {}, send);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    await response.text();
  });
});

it("closes", async () => {
  const api = outlet(options);
  await api.outlet.close();
  expect((await new Hono().route("/v1", api).request("/v1/models", { headers })).status).toBe(503);
});
