import { describe, expect, test } from "vitest";
import { contextFor, engineFor, httpUpstream, JSON_TYPE } from "../test/upstream.ts";
import type { OpenAIOptions } from "./index.ts";

const LIST = { object: "list", data: [{ id: "a", object: "model", created: 7, owned_by: "me", root: "x" }] };

/** An upstream with these replies to `GET /models`, the last one again and again; counts what was asked. */
async function withModels(options: OpenAIOptions, ...replies: [status: number, body: unknown][]) {
  const asked: string[] = [];
  const upstream = await httpUpstream((req, res, _, count) => {
    asked.push(`${req.method} ${req.url}`);
    const [status, body] = replies[Math.min(count, replies.length) - 1] ?? [200, LIST];
    res.writeHead(status, JSON_TYPE).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { engine: engineFor(upstream.url, options), asked };
}

describe("the list of models", () => {
  test("is the upstream's, in the API's shape", async () => {
    const data = [
      { id: "a", created: 7, owned_by: "me", root: "x" },
      { id: "b", created_at: 8 },
      { id: 5 },
      null,
      { id: "" },
    ];
    const { engine, asked } = await withModels({}, [200, { data }]);
    expect(await engine.listModels(contextFor())).toEqual([
      { id: "a", object: "model", created: 7, owned_by: "me" },
      { id: "b", object: "model", created: 8, owned_by: "" },
    ]);
    expect(asked).toEqual(["GET /v1/models"]);
  });

  test("is asked for once by many, and kept", async () => {
    const { engine, asked } = await withModels({});
    const lists = await Promise.all(Array.from({ length: 5 }, () => engine.listModels(contextFor())));
    expect(lists.every((list) => list[0]?.id === "a")).toBe(true);
    await engine.listModels(contextFor());
    expect(asked).toHaveLength(1);
  });

  test("is asked for again when it is too old", async () => {
    const { engine, asked } = await withModels({ modelsMaxAgeMs: 0 });
    await engine.listModels(contextFor());
    await engine.listModels(contextFor());
    expect(asked).toHaveLength(2);
  });

  test("is not lost to the others when one caller leaves", async () => {
    const { engine } = await withModels({});
    const controller = new AbortController();
    const leaving = engine.listModels(contextFor(controller.signal));
    const staying = engine.listModels(contextFor());
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ name: "AbortError" });
    expect(await staying).toHaveLength(1);
  });

  test("is retried like any request", async () => {
    const { engine, asked } = await withModels({ maxRetries: 1 }, [503, {}], [200, LIST]);
    expect(await engine.listModels(contextFor())).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  test.each<[string, number, unknown, string]>([
    [
      "a refusal",
      401,
      { error: { message: "Incorrect API key provided: sk-secret" } },
      "refused this server's credentials",
    ],
    ["no JSON", 200, "<html>", "not valid JSON"],
    ["no list", 200, { object: "list" }, "has no data"],
    ["too much", 200, "x".repeat(1001), "larger than 1000 bytes"],
  ])("fails with a typed error that is not kept: %s", async (_, status, body, message) => {
    const { engine } = await withModels({ maxReplyBytes: 1000 }, [status, body], [200, LIST]);
    const error = await engine.listModels(contextFor()).catch((caught) => caught);
    expect(error).toMatchObject({ name: "ApiError", status: 502, message: expect.stringContaining(message) });
    expect(error.message).not.toContain("sk-secret");
    expect(await engine.listModels(contextFor())).toHaveLength(1);
  });

  test("on Azure is below its base, with the version", async () => {
    const { engine, asked } = await withModels({ azure: { apiVersion: "2024-10-21" } });
    await engine.listModels(contextFor());
    expect(asked).toEqual(["GET /v1/models?api-version=2024-10-21"]);
  });
});
