import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createOutlet, defineModel } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { describe, expect, it } from "vitest";
import { dropSchema, findPostgres, schemaName } from "./postgres.ts";

const url = await findPostgres();

/** A way to a server that can be cut off and opened again. */
async function startProxy(target: URL) {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) return void client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on("error", () => {});
    }
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const through = new URL(target);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    async cut() {
      open = false;
      const closed = [...sockets].map((socket) => (socket.destroyed ? null : once(socket, "close")));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      sockets.clear();
    },
    restore: () => {
      open = true;
    },
    close: () => server.close(),
  };
}

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
