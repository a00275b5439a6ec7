import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { operations } from "@outlet/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { countingEngine } from "../kit/engine.ts";
import { type Answer, judge } from "../kit/judge.ts";
import { RUNS, share } from "../kit/seed.ts";
import { SERVERS, type Served } from "../kit/servers.ts";
import { mutatedBody } from "./bodies.ts";
import { brokenBytes, chunked, cuts } from "./bytes.ts";

const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

/** Without the admin API: these servers have none, and say so before they read what is sent. */
const anyBody = fc.oneof(
  ...operations
    .filter((operation) => operation.body !== null && operation.auth === "key")
    .flatMap((operation) => [
      fc.record({ operation: fc.constant(operation), bytes: brokenBytes(operation) }),
      fc.record({ operation: fc.constant(operation), bytes: mutatedBody(operation).map((text) => Buffer.from(text)) }),
    ]),
);

describe.each(SERVERS)("$name over a socket", ({ serve }) => {
  const { engine, seen } = countingEngine();
  let served: Served;
  beforeAll(async () => {
    served = await serve({ models: { m: engine } });
  });
  afterAll(() => served.close());

  test("refuses what it should, on connections that go on to be used", { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(anyBody, fc.option(cuts), async ({ operation, bytes }, cutAt) => {
      const { calls } = seen;
      const answer = await post(served.port, `/v1${operation.path}`, cutAt ? chunked(bytes, cutAt) : [bytes], !cutAt);
      const reached = judge(operation, bytes, answer);
      assert.equal(seen.calls > calls, reached, `engine calls: ${seen.calls - calls}, status ${answer.status}`);
    });
    await fc.assert(property, share(Math.min(0.02, 400 / RUNS)));
  });
});

function post(port: number, path: string, chunks: readonly Uint8Array[], announced: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = announced ? { "content-length": String(chunks[0]?.length ?? 0) } : {};
    const headers = { "content-type": "application/json", ...length };
    const sent = request({ host: "127.0.0.1", port, path, agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      const contentType = response.headers["content-type"] ?? "";
      response.on("end", () => resolve({ status: response.statusCode ?? 0, contentType, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
