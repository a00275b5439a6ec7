import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createOutlet, type SettledCall } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { afterAll, afterEach, expect, test } from "vitest";
import { countingEngine } from "../kit/engine.ts";
import { CHAT, request, wire } from "../kit/wire.ts";

// Node's own limits, small enough to be waited for, and large enough for requests that do come; by default they are 60 and
// 300 seconds, looked at every 30.
const TIMEOUTS = { headersTimeout: 1_500, requestTimeout: 2_500, connectionsCheckingInterval: 50 };

const { engine, seen } = countingEngine();
let settled = Promise.withResolvers<SettledCall>();
const outlet = createOutlet({
  models: { m: engine },
  keys: ["sk-right"],
  logger: { error: () => {}, warn: () => {} },
  onSettle: (call) => settled.resolve(call),
});
const server = createServer(TIMEOUTS, nodeListener(outlet));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  const next = await wire(port, head("sk-right") + CHAT);
  expect(next.statuses, "the next request").toEqual([200]);
  settled = Promise.withResolvers();
});
afterAll(async () => {
  await outlet.close({ graceMs: 0 });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const head = (key: string) =>
  request({ headers: [`authorization: Bearer ${key}`, `content-length: ${CHAT.length}`], body: "" });

/** Writes what it is given byte by byte, slower than the server's patience; resolves with what came back. */
function dribble(before: string, slowly: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    let text = "";
    let at = 0;
    socket.write(before);
    const timer = setInterval(() => socket.writable && socket.write(slowly[at++ % slowly.length] as string), 100);
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve(text);
    });
  });
}

test("headers that dribble in are ended by Node, and no call is begun", async () => {
  const calls = seen.calls;
  expect(await dribble("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n", "x-slow: y\r\n")).toMatch(
    /^HTTP\/1\.1 408 /,
  );
  expect(seen.calls).toBe(calls);
});

test("a body that dribbles in is ended by Node, settles as cancelled, and reaches no engine", async () => {
  const calls = seen.calls;
  settled = Promise.withResolvers();
  await dribble(head("sk-right"), " ");
  expect(await settled.promise).toMatchObject({ outcome: "cancelled", status: 499, usage: null });
  expect(seen.calls).toBe(calls);
});

test("a stranger's body is not waited for", async () => {
  const { statuses } = await wire(port, head("sk-wrong") + CHAT.slice(0, 5));
  expect(statuses).toEqual([401]);
  expect((await settled.promise).durationMs).toBeLessThan(TIMEOUTS.headersTimeout);
});

test("a hundred bodies that never come hold no engine", async () => {
  const calls = seen.calls;
  const answers = Promise.all(Array.from({ length: 100 }, () => dribble(head("sk-right"), " ")));
  expect((await wire(port, head("sk-right") + CHAT)).statuses).toEqual([200]);
  await answers;
  expect(seen.calls).toBe(calls + 1);
});
