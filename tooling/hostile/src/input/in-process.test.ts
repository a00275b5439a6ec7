import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createMemoryLedger, createOutlet, operations } from "@outlet/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countingEngine } from "../kit/engine.ts";
import { isAboutNothing, judge } from "../kit/judge.ts";
import { RUNS, SEED, share } from "../kit/seed.ts";
import { LONGEST_BODY, mutatedBody, validBody } from "./bodies.ts";
import { brokenBytes, chunked, cuts } from "./bytes.ts";

const SMALL_BODY = 100 * 1024;
const CPU_MS = 250;
const LONG = 120_000;
const encoder = new TextEncoder();
const withBody = operations.filter((operation) => operation.body !== null);
const silent = { error: () => {}, warn: () => {} };

console.log(`hostile input: OUTLET_FUZZ_SEED=${SEED} OUTLET_FUZZ_RUNS=${RUNS}`);

describe.each(withBody.map((operation) => ({ id: operation.id, operation })))("$id in process", ({ operation }) => {
  const { engine, seen } = countingEngine();
  // An administrator where only one gets in, anybody else elsewhere.
  const principal = { id: "fuzz", ...(operation.auth === "admin" && { admin: true }) };
  const outlet = createOutlet({
    models: { m: engine },
    authenticate: () => principal,
    platform: {},
    ledger: createMemoryLedger(),
    logger: silent,
  });

  // The admin API's operations are many and small.
  const runs = operation.auth === "admin" ? 0.1 : 1;

  async function send(bytes: Uint8Array, cutAt: readonly number[] | null): Promise<number> {
    const { calls } = seen;
    const chunks = cutAt && chunked(bytes, cutAt);
    const began = process.threadCpuUsage();
    const response = await outlet.fetch(`http://outlet/v1${operation.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: chunks ? streamOf(chunks) : (bytes as Uint8Array<ArrayBuffer>),
      ...(chunks && { duplex: "half" }),
    } as RequestInit);
    const text = await response.text();
    const { user, system } = process.threadCpuUsage(began);
    const contentType = response.headers.get("content-type") ?? "";
    const reached = judge(operation, bytes, { status: response.status, contentType, text });
    assert.equal(seen.calls > calls, reached, `engine calls: ${seen.calls - calls}, status ${response.status}`);
    assert.ok(!("polluted" in {}), "Object.prototype was polluted");
    const ms = (user + system) / 1_000;
    if (bytes.length <= SMALL_BODY) assert.ok(ms < CPU_MS, `${bytes.length} bytes took ${ms} ms`);
    return response.status;
  }

  test("takes what its schema allows", { timeout: LONG }, async () => {
    let taken = 0;
    const property = fc.asyncProperty(validBody(operation), fc.option(cuts), async (body, cutAt) => {
      const status = await send(encoder.encode(JSON.stringify(body)), cutAt);
      if (status === 200 || isAboutNothing(operation, status)) taken += 1;
    });
    await fc.assert(property, share(0.05 * runs));
    // Three in four are made to be taken; the rest are the schema's alone, and chance is kind to few of these. What admins send is about
    // users, projects and keys that there have to be.
    if (operation.auth === "key") expect(taken).toBeGreaterThan(RUNS * 0.05 * 0.6);
  });

  test("refuses what was done to a valid body, by name", { timeout: LONG }, async () => {
    const property = fc.asyncProperty(mutatedBody(operation), fc.option(cuts), async (text, cutAt) => {
      assert.ok(text.length <= LONGEST_BODY, `a body of ${text.length} characters was made`);
      await send(encoder.encode(text), cutAt);
    });
    await fc.assert(property, share(0.2 * runs));
  });

  test("refuses bytes that are no JSON", { timeout: LONG }, async () => {
    const property = fc.asyncProperty(brokenBytes(operation), fc.option(cuts), async (bytes, cutAt) => {
      await send(bytes, cutAt);
    });
    await fc.assert(property, share(0.1 * runs));
  });

  test("keeps nothing of what it refused", { timeout: LONG }, async () => {
    const bodies = fc
      .sample(mutatedBody(operation), { seed: SEED, numRuns: 300 * runs })
      .map((text) => encoder.encode(text));
    const round = async () => {
      for (const bytes of bodies) await send(bytes, null);
    };
    await round();
    const before = heapUsed();
    await round();
    await round();
    expect(heapUsed() - before).toBeLessThan(8 * 1024 * 1024);
  });
});

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

function heapUsed(): number {
  gc();
  return process.memoryUsage().heapUsed;
}
