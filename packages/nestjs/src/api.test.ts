import { createOutlet, defineModel } from "@outlet/core";
import { describe, expect, test } from "vitest";
import { OutletModule } from "./index.ts";
import { HELLO, KEY, PLATFORMS, parrot, start } from "./test-support.ts";

const models = { parrot, "acme/parrot": parrot };
const imports = [OutletModule.forRoot({ models, keys: [KEY] })];

describe.each(PLATFORMS)("on %s", (platform) => {
  test("the official SDK chats, lists and retrieves models", async () => {
    const { client } = await start(platform, { imports });
    const openai = client();
    const completion = await openai.chat.completions.create(HELLO);
    expect(completion.choices[0]?.message.content).toBe("one two three");
    expect(completion._request_id).toMatch(/^req_/);
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["parrot", "acme/parrot"]);
    expect((await openai.models.retrieve("parrot")).id).toBe("parrot");
  });

  test("a model id may contain slashes, encoded or not", async () => {
    const { client, origin } = await start(platform, { imports });
    expect((await client().models.retrieve("acme/parrot")).id).toBe("acme/parrot");
    const raw = await fetch(`${origin}/v1/models/acme/parrot`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(await raw.json()).toMatchObject({ id: "acme/parrot", object: "model" });
  });

  test("a very long model id is unknown, in the envelope", async () => {
    const { client } = await start(platform, { imports });
    const retrieved = client().models.retrieve("m".repeat(300));
    await expect(retrieved).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });

  test("tokens arrive while the model is still thinking", async () => {
    let proceed = () => {};
    const model = defineModel(async function* () {
      yield "first";
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
      yield "second";
    });
    const { client } = await start(platform, {
      imports: [OutletModule.forRoot({ models: { model }, access: "open" })],
    });
    const stream = await client().chat.completions.create({ ...HELLO, model: "model", stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text === "first") proceed();
    }
    expect(text).toBe("firstsecond");
  });

  test("a body of two megabytes is answered, with Nest's own parsers at their defaults", async () => {
    const { client } = await start(platform, { imports });
    const content = "x".repeat(2 * 1024 * 1024);
    const completion = await client().chat.completions.create({ ...HELLO, messages: [{ role: "user", content }] });
    expect(completion.choices[0]?.message.content).toBe(content);
  });

  test("a chunked body is read too", async () => {
    const { origin } = await start(platform, { imports });
    const response = await fetch(`${origin}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
      body: new Blob([JSON.stringify(HELLO)]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(200);
  });

  test("an existing outlet is mounted, and stays open when the application closes", async () => {
    const outlet = createOutlet({ models, keys: [KEY] });
    const { app, client } = await start(platform, { imports: [OutletModule.forRoot({ outlet })] });
    expect((await client().models.list()).data).toHaveLength(2);
    await app.close();
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await outlet.fetch("http://outlet/v1/models", { headers })).status).toBe(200);
  });

  test("two mounts stand side by side", async () => {
    const { client } = await start(platform, {
      imports: [
        OutletModule.forRoot({ path: "a", models: { first: parrot }, keys: [KEY] }),
        OutletModule.forRoot({ path: "b", models: { second: parrot }, keys: [KEY] }),
      ],
    });
    expect((await client("/a").models.list()).data[0]?.id).toBe("first");
    expect((await client("/b").models.list()).data[0]?.id).toBe("second");
    expect((await client("/b/v1").models.list()).data[0]?.id).toBe("second");
  });

  test("one module definition serves two applications", async () => {
    const first = await start(platform, { imports });
    const second = await start(platform === "express" ? "fastify" : "express", { imports });
    expect((await first.client().models.list()).data).toHaveLength(2);
    expect((await second.client().models.list()).data).toHaveLength(2);
  });
});

test("a module without a way in does not start", async () => {
  await expect(start("express", { imports: [OutletModule.forRoot({ models })] })).rejects.toThrow("needs a way in");
});
