import type { OutletOptions } from "@outlet/core";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { outlet } from "./index.ts";
import { ask, echo, headers, KEY, quiet, readUntil, slowModel } from "./test-support.ts";

/** A runtime with `waitUntil`, as Workers are: `ended` when all that it was given to wait for has come. */
function worker(models: OutletOptions["models"]) {
  const log: string[] = [];
  const works: Promise<unknown>[] = [];
  const onSettle = ({ outcome }: { outcome: string }) => void log.push(outcome);
  const app = new Hono().route("/v1", outlet({ models, keys: [KEY], logger: quiet, onSettle }));
  const context = {
    waitUntil: (work: Promise<unknown>) => void works.push(work),
    passThroughOnException() {},
    props: {},
  };
  return {
    log,
    post: async (body: object) => {
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      return app.fetch(new Request("http://worker/v1/chat/completions", init), {}, context);
    },
    ended: async () => {
      expect(works).toHaveLength(1);
      await Promise.all(works);
    },
  };
}

describe("where a request's life must be prolonged", () => {
  it.each([false, true])("it lasts until the call is settled (stream: %s)", async (stream) => {
    const { post, ended, log } = worker({ echo });
    const response = await post(ask("hi there", { stream }));
    await response.text();
    await ended();
    expect(log).toEqual(["completed"]);
  });

  it("it lasts until the engine is closed when the client leaves in the middle of a stream", async () => {
    const { engine, aborted } = slowModel();
    const { post, ended, log } = worker({ slow: engine });
    const response = await post(ask("hi", { model: "slow", stream: true }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await readUntil(reader, '"one "');
    await reader.cancel();
    await ended();
    await aborted;
    expect(log).toEqual(["cancelled"]);
  });

  it("it ends when a stream is not wanted at all", async () => {
    const { engine, aborted } = slowModel();
    const { post, ended } = worker({ slow: engine });
    const response = await post(ask("hi", { model: "slow", stream: true }));
    await response.body?.cancel();
    await ended();
    await aborted;
  });
});
