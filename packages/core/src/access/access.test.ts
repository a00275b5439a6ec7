import { describe, expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import { ApiError } from "../errors/api-error.ts";
import type { OutletOptions } from "../options.ts";
import { createOutlet } from "../outlet.ts";
import { testOutlet } from "../test-support.ts";

const models = { m: defineModel(() => "hi") };

describe("nothing is open by accident", () => {
  test.each<[string, Partial<OutletOptions>, string]>([
    ["no way in", {}, "createOutlet needs a way in"],
    ["an empty list of keys", { keys: [] }, "createOutlet needs a way in"],
    ["an empty key", { keys: [""] }, "an API key must have 1 to 512 characters"],
    ["open and keys at once", { access: "open", keys: ["sk-1"] }, "cannot be combined"],
    ["open and authenticate at once", { access: "open", authenticate: () => null }, "cannot be combined"],
  ])("%s throws", (_name, options, message) => {
    expect(() => createOutlet({ models, ...options })).toThrow(message);
  });
});

describe("a key", () => {
  const { outlet, settled } = testOutlet({
    models,
    keys: { "sk-alpha": { id: "alpha", organization: "org-1", project: "proj_1" }, "My API Key": { id: "spaces" } },
  });
  const status = async (authorization: string | null) => {
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const reply = await outlet.fetch(new Request("http://outlet/v1/models", { headers }));
    return { status: reply.status, reply, text: await reply.text() };
  };

  test("stands for its principal, whose organization and project the reply names", async () => {
    const { reply } = await status("Bearer sk-alpha");
    expect(reply.status).toBe(200);
    expect(reply.headers.get("openai-organization")).toBe("org-1");
    expect(reply.headers.get("openai-project")).toBe("proj_1");
    expect(settled.at(-1)?.principal?.id).toBe("alpha");
  });

  test.each([
    "bearer My API Key",
    `Basic ${btoa("sk-alpha:")}`,
    `Basic ${btoa(":sk-alpha")}`,
    `basic ${btoa("user:sk-alpha")}`,
  ])("is accepted as %s", async (authorization) => expect((await status(authorization)).status).toBe(200));

  test.each([null, "", "Bearer", "Bearer ", "Digest x", "sk-alpha"])(
    "that is not there (%s) is a 401 that says so",
    async (header) => {
      const { status: code, text } = await status(header);
      expect(code).toBe(401);
      expect(JSON.parse(text).error.message).toContain("Missing bearer");
    },
  );

  test.each([
    "Bearer sk-alph",
    "Bearer sk-alphaa",
    "Bearer sk-alphasecretsecretsecret",
    "Basic !!!",
    `Basic ${btoa("sk-beta:")}`,
    `Bearer ${"k".repeat(10_000)}`,
  ])("that is wrong (%s) is a 401 that does not repeat it", async (header) => {
    const { status: code, text } = await status(header);
    expect(code).toBe(401);
    expect(JSON.parse(text).error.code).toBe("invalid_api_key");
    expect(text).not.toContain(header.split(" ")[1]);
  });
});

describe("authenticate", () => {
  const call = (authenticate: OutletOptions["authenticate"], keys?: string[]) => {
    const { outlet, settled, logged } = testOutlet({
      models,
      ...(authenticate && { authenticate }),
      ...(keys && { keys }),
    });
    const reply = outlet.fetch(new Request("http://outlet/v1/models", { headers: { authorization: "Bearer sk-key" } }));
    return { reply, settled, logged };
  };

  test("decides before keys do", async () => {
    const { reply, settled } = call(async () => ({ id: "user-7" }), ["sk-key"]);
    expect((await reply).status).toBe(200);
    expect(settled[0]?.principal?.id).toBe("user-7");
  });

  test("that says null leaves it to the keys", async () => {
    expect((await call(() => null, ["sk-key"]).reply).status).toBe(200);
    expect((await call(() => null, ["sk-other"]).reply).status).toBe(401);
    expect((await call(() => null).reply).status).toBe(401);
  });

  test("may refuse in its own words; what else it throws is a 500 that tells nothing", async () => {
    const suspended = new ApiError({
      status: 403,
      type: "request_forbidden",
      message: "Suspended.",
      code: "suspended",
    });
    const refused = await call(() => Promise.reject(suspended)).reply;
    expect([refused.status, (await refused.json()).error.code]).toEqual([403, "suspended"]);
    const { reply, logged } = call(() => Promise.reject(new Error("db password is hunter2")));
    expect((await reply).status).toBe(500);
    expect(await (await reply).text()).not.toContain("hunter2");
    expect(logged).toHaveLength(1);
  });
});
