import { defineModel } from "@outlet/core";
import type { Request } from "express";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { outlet, outletGuard } from "./index.ts";
import { openaiClient } from "./openai.ts";
import { echo, KEY, listen, majors, quiet, settlements, slowModel } from "./test-support.ts";

const messages = [{ role: "user" as const, content: "from inside" }];

describe.each(majors)("req.openai on %s", (_, express) => {
  it("is the official client, as whoever sent the request, by the host's session or by a key", async () => {
    const principals: unknown[] = [];
    const api = outlet({
      models: { echo },
      keys: { [KEY]: { id: "machine" } },
      authenticate: (req) => (req.headers.cookie === "session=ana" ? { id: "ana" } : null),
      onSettle: ({ principal }) => principals.push(principal?.id),
    });
    const app = express().use(openaiClient(api));
    app.get("/page", async (req: Request, res) => {
      expect(req.openai).toBeInstanceOf(OpenAI);
      expect(req.openai).toBe(req.openai);
      const completion = await req.openai.chat.completions.create({ model: "echo", messages });
      res.json(completion.choices[0]?.message.content);
    });
    const base = await listen(app);
    const senders: Record<string, string>[] = [{ cookie: "session=ana" }, { authorization: `Bearer ${KEY}` }];
    for (const headers of senders) {
      expect(await (await fetch(`${base}/page`, { headers })).json()).toBe("from inside");
    }
    expect(principals).toEqual(["ana", "machine"]);
  });

  it("answers for a stranger with an AuthenticationError, which the host sees", async () => {
    const app = express().use(openaiClient(outlet({ models: { echo }, keys: [KEY] }), { maxRetries: 0 }));
    app.get("/page", async (req: Request, res) => {
      const refused = await req.openai.models.list().catch((error: unknown) => error);
      res.json(refused instanceof OpenAI.AuthenticationError);
    });
    expect(await (await fetch(`${await listen(app)}/page`)).json()).toBe(true);
  });

  it("stops its calls when the client leaves", async () => {
    const slow = slowModel();
    const { onSettle, settled } = settlements();
    const api = outlet({ models: { slow: slow.engine }, access: "open", logger: quiet, onSettle });
    const app = express().use(openaiClient(api, { maxRetries: 0 }));
    app.get("/page", (req: Request) => {
      req.openai.chat.completions.create({ model: "slow", messages }).catch(() => {});
    });
    const leaving = new AbortController();
    const page = fetch(`${await listen(app)}/page`, { signal: leaving.signal }).catch(() => {});
    await slow.started;
    leaving.abort();
    await Promise.all([slow.aborted, page]);
    expect((await settled).outcome).toBe("cancelled");
  });

  it("asks no second time who it is behind the outlet's guard", async () => {
    let asked = 0;
    const authenticate = () => {
      asked += 1;
      return { id: "ana" };
    };
    const api = outlet({ models: { echo }, authenticate });
    const app = express().use(outletGuard(api), openaiClient(api));
    app.get("/page", async (req: Request, res) => {
      res.json((await req.openai.models.list()).data.map(({ id }) => id));
    });
    expect(await (await fetch(`${await listen(app)}/page`)).json()).toEqual(["echo"]);
    expect(asked).toBe(1);
  });

  it("costs nothing until it is asked for", async () => {
    let asked = 0;
    const authenticate = () => {
      asked += 1;
      return { id: "ana" };
    };
    const app = express().use(openaiClient(outlet({ models: { m: defineModel(() => "") }, authenticate })));
    app.get("/page", (_req, res) => void res.end("ok"));
    expect(await (await fetch(`${await listen(app)}/page`)).text()).toBe("ok");
    expect(asked).toBe(0);
  });
});
