import { createOutlet, defineModel } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { describe, expect, it } from "vitest";
import { dropSchema, findPostgres, schemaName } from "./postgres.ts";
import { startProxy } from "./proxy.ts";

const url = await findPostgres();

describe.runIf(url)("a PostgreSQL that goes away and comes back", () => {
  it("is a 503 that may be tried again meanwhile, and none of it is the process's end", async () => {
    const proxy = await startProxy(new URL(url as string));
    const schema = schemaName();
    const outlet = createOutlet({
      keys: ["sk-test"],
      models: { greeter: defineModel(() => "Hello!") },
      store: await createPostgresStore({ connectionString: proxy.url, schema }),
      logger: { error: () => {}, warn: () => {} },
    });
    const call = (path: string, body?: object) =>
      outlet.fetch(`http://outlet/v1${path}`, {
        method: body ? "POST" : "GET",
        headers: { authorization: "Bearer sk-test", "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const list = () => call("/chat/completions");
    const chat = (store: boolean) =>
      call("/chat/completions", { model: "greeter", store, messages: [{ role: "user", content: "Hi" }] });

    expect((await chat(true)).status).toBe(200);
    expect((await list()).status).toBe(200);
    await proxy.cut();
    for (let i = 0; i < 3; i += 1) {
      const refused = await list();
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    }
    expect((await chat(false)).status).toBe(200);
    proxy.restore();
    const page = await (await list()).json();
    expect(page.data).toHaveLength(1);
    await outlet.close();
    proxy.close();
    await dropSchema(url as string, schema);
  });
});
