import { ApiError, createOutlet } from "@outlet/core";
import type { Request } from "express";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { outlet } from "./index.ts";
import { ask, echo, errorOf, headers, KEY, listen, majors, post, quiet } from "./test-support.ts";

const models = { echo };
const keys = [KEY];

describe.each(majors)("outlet on %s", (_name, express) => {
  it("answers the official SDK: whole, streamed, with tools, with embeddings and models", async () => {
    const app = express();
    app.use("/v1", outlet({ models, keys }));
    const openai = new OpenAI({ baseURL: `${await listen(app)}/v1`, apiKey: KEY, maxRetries: 0 });

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
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["echo"]);
    expect((await openai.models.retrieve("echo")).id).toBe("echo");
  });

  it("mounts at the root, below a path, and in a nested router", async () => {
    const app = express();
    const nested = express.Router();
    nested.use("/:tenant/openai", outlet({ models, keys }));
    app.use("/api", nested);
    app.use(outlet({ models, keys }));
    const base = await listen(app);
    for (const mount of ["/api/acme/openai", "/api/acme/openai/v1", "", "/v1"]) {
      const response = await post(base + mount, ask("hi"));
      expect([mount, response.status]).toEqual([mount, 200]);
    }
  });

  it("serves two outlets in one app, each with its own models and keys", async () => {
    const app = express();
    app.use("/a", outlet({ models: { one: echo }, keys: ["sk-a"] }));
    app.use("/b", outlet({ models: { two: echo }, keys: ["sk-b"] }));
    const base = await listen(app);
    const list = async (mount: string, key: string) => {
      const response = await fetch(`${base}${mount}/models`, { headers: { authorization: `Bearer ${key}` } });
      const { data } = (await response.json()) as { data?: { id: string }[] };
      return [response.status, data?.map(({ id }) => id)];
    };
    expect(await list("/a", "sk-a")).toEqual([200, ["one"]]);
    expect(await list("/b", "sk-b")).toEqual([200, ["two"]]);
    expect(await list("/b", "sk-a")).toEqual([401, undefined]);
  });

  it("mounts an outlet that exists, and gives access to it", async () => {
    const existing = createOutlet({ models, keys, logger: quiet });
    const handler = outlet(existing);
    expect(handler.outlet).toBe(existing);
    const app = express();
    app.use("/v1", handler);
    const base = await listen(app);
    expect((await post(`${base}/v1`, ask("hi"))).status).toBe(200);
    await handler.outlet.close();
    const closed = await post(`${base}/v1`, ask("hi"));
    expect([closed.status, (await errorOf(closed)).type]).toEqual([503, "service_unavailable_error"]);
  });

  it("answers unknown paths and methods in the envelope, with the path the client sent", async () => {
    const app = express();
    app.use("/openai", outlet({ models, keys }));
    const base = await listen(app);
    const missing = await fetch(`${base}/openai/nothing?q=1`, { method: "POST", headers });
    expect(missing.status).toBe(404);
    expect(await errorOf(missing)).toMatchObject({
      message: "Invalid URL (POST /openai/nothing)",
      code: "unknown_url",
    });
    const wrong = await fetch(`${base}/openai/embeddings`, { headers });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await errorOf(wrong)).toMatchObject({ code: "method_not_supported" });
  });

  it("leaves unknown paths to the app with fallthrough, but not the API's own", async () => {
    const app = express();
    app.use(outlet({ models, keys, fallthrough: true }));
    app.use("/existing", outlet(createOutlet({ models, keys }), { fallthrough: true }));
    app.get(["/about", "/existing/about"], (_req, res) => void res.send("about us"));
    const base = await listen(app);
    expect(await (await fetch(`${base}/about`)).text()).toBe("about us");
    expect(await (await fetch(`${base}/existing/about`)).text()).toBe("about us");
    expect((await fetch(`${base}/v1/models`)).status).toBe(401);
    expect((await fetch(`${base}/existing/models`)).status).toBe(401);
    expect((await fetch(`${base}/embeddings`, { headers })).status).toBe(405);
  });

  it("lets the host's session decide who calls, and a key where there is none", async () => {
    const app = express();
    const seen: string[] = [];
    app.use((req, _res, next) => {
      const user = req.get("cookie")?.replace("user=", "");
      if (user) Object.assign(req, { user });
      next();
    });
    const api = outlet({
      models,
      keys,
      authenticate: (req: Request & { user?: string }) => {
        seen.push(req.originalUrl);
        if (req.user === "mallory") throw new ApiError({ status: 403, type: "request_forbidden", message: "Not you." });
        return req.user ? { id: req.user, organization: `org-${req.user}` } : null;
      },
    });
    app.use("/v1", api);
    const base = await listen(app);
    const list = (init: RequestInit) => fetch(`${base}/v1/models`, init);
    const ann = await list({ headers: { cookie: "user=ann" } });
    expect([ann.status, ann.headers.get("openai-organization")]).toEqual([200, "org-ann"]);
    const mallory = await list({ headers: { cookie: "user=mallory" } });
    expect([mallory.status, (await errorOf(mallory)).message]).toEqual([403, "Not you."]);
    expect((await list({ headers })).status).toBe(200);
    expect((await list({})).status).toBe(401);
    expect(seen).toEqual(Array(4).fill("/v1/models"));

    // In process there is no Express request: authenticate is not asked, a key still opens.
    expect((await api.outlet.fetch("http://outlet/v1/models", { headers })).status).toBe(200);
    expect(seen).toHaveLength(4);
  });

  it("keeps the headers that middleware set before it", async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader("access-control-allow-origin", "https://app.example");
      res.setHeader("x-frame-options", "SAMEORIGIN");
      res.setHeader("set-cookie", ["a=1", "b=2"]);
      next();
    });
    app.use("/v1", outlet({ models, keys }));
    const base = await listen(app);
    for (const stream of [false, true]) {
      const response = await post(`${base}/v1`, ask("hi", { stream }));
      expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
      expect(response.headers.get("x-frame-options")).toBe("SAMEORIGIN");
      expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
      expect(response.headers.get("x-request-id")).toMatch(/^req_/);
      await response.text();
    }
  });

  it("hands on to the app's error handler what it cannot write itself", async () => {
    const app = express();
    const refuse = new TypeError("refused");
    app.use((_req, res, next) => {
      res.writeHead = () => {
        throw refuse;
      };
      next();
    });
    app.use("/v1", outlet({ models, keys }));
    const handled = Promise.withResolvers<unknown>();
    app.use(((error, _req, res, _next) => {
      handled.resolve(error);
      res.destroy();
    }) satisfies import("express").ErrorRequestHandler);
    const base = await listen(app);
    await expect(post(`${base}/v1`, ask("hi"))).rejects.toThrow();
    expect(await handled.promise).toBe(refuse);
  });
});
