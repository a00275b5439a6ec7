import { type ClientRequest, request } from "node:http";
import compression from "compression";
import { describe, expect, it } from "vitest";
import { outlet, outletErrorHandler } from "./index.ts";
import {
  ask,
  echo,
  headers,
  KEY,
  listen,
  majors,
  post,
  quiet,
  readUntil,
  settlements,
  slowModel,
} from "./test-support.ts";

/** A chat request whose connection the test holds in its hands. */
function open(base: string, body: string, more: Record<string, string> = {}): ClientRequest {
  const req = request(`${base}/chat/completions`, { method: "POST", headers: { ...headers, ...more } });
  req.on("error", () => {});
  req.write(body);
  return req;
}

describe.each(majors)("streams on %s", (_name, express) => {
  it.each([
    ["alone", []],
    ["behind compression()", [compression()]],
  ])("sends each piece when it is made, %s", async (_where, middleware) => {
    const { engine, goOn } = slowModel();
    const app = express();
    app.use(...(middleware.length > 0 ? middleware : [(_req: unknown, _res: unknown, next: () => void) => next()]));
    app.use("/v1", outlet({ models: { slow: engine, echo }, keys: [KEY] }));
    const base = await listen(app);
    const response = await post(`${base}/v1`, ask("hi", { model: "slow", stream: true }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = await readUntil(reader, '"one "');
    expect(text).not.toContain('"two"');
    expect(response.headers.get("content-encoding")).toBeNull();
    goOn();
    text += await readUntil(reader, "[DONE]");
    expect(text).toContain('"two"');
    expect((await reader.read()).done).toBe(true);
  });

  it("lets compression() compress whole answers", async () => {
    const app = express();
    app.use(compression());
    app.use("/v1", outlet({ models: { echo }, keys: [KEY] }));
    const long = "word ".repeat(2000);
    const response = await post(`${await listen(app)}/v1`, ask(long), {
      headers: { ...headers, "accept-encoding": "gzip" },
    });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toContain(long);
  });

  describe.each([
    ["reading the body itself", []],
    ["behind express.json()", [express.json()]],
  ])("%s", (_where, parsers) => {
    async function start(stream: boolean, speaksFirst: boolean) {
      const model = slowModel(speaksFirst);
      const { onSettle, settled } = settlements();
      const app = express();
      const api = outlet({ models: { slow: model.engine }, keys: [KEY], onSettle, logger: quiet });
      app.use("/v1", ...parsers, api, outletErrorHandler(api));
      const base = `${await listen(app)}/v1`;
      return { ...model, settled, req: open(base, JSON.stringify(ask("hi", { model: "slow", stream }))) };
    }

    it.each([
      ["before a whole answer", false, true],
      ["before the first piece", true, false],
    ])("tells the engine that the client has left: %s", async (_phase, stream, speaksFirst) => {
      const { req, started, aborted, settled } = await start(stream, speaksFirst);
      req.end();
      await started;
      req.destroy();
      await aborted;
      expect(await settled).toMatchObject({ outcome: "cancelled", status: 499, operationId: "createChatCompletion" });
    });

    it("tells the engine that the client has left: in the middle of a stream", async () => {
      const { req, aborted, settled } = await start(true, true);
      req.end();
      req.on("response", (res) => res.once("data", () => req.destroy()));
      await aborted;
      expect(await settled).toMatchObject({ outcome: "cancelled", status: 200 });
    });
  });

  it("never reaches the engine when the client leaves in the middle of its body", async () => {
    const { onSettle, settled } = settlements();
    const { engine, started } = slowModel();
    const app = express();
    app.use("/v1", outlet({ models: { slow: engine }, keys: [KEY], onSettle, logger: quiet }));
    const base = `${await listen(app)}/v1`;
    const req = open(base, '{"model":', { "content-length": "1000" });
    req.on("socket", (socket) => socket.once("connect", () => setImmediate(() => req.destroy())));
    expect(await settled).toMatchObject({ outcome: "cancelled", usage: null });
    expect(await Promise.race([started, "not reached"])).toBe("not reached");
  });

  it("stops work for a client that left while middleware in front was busy", async () => {
    const { onSettle, settled } = settlements();
    const { engine } = slowModel();
    const app = express();
    const arrived = Promise.withResolvers<void>();
    app.use("/v1", express.json(), (_req, res, next) => {
      res.on("close", () => next());
      arrived.resolve();
    });
    app.use("/v1", outlet({ models: { slow: engine }, keys: [KEY], onSettle, logger: quiet }));
    const req = open(`${await listen(app)}/v1`, JSON.stringify(ask("hi", { model: "slow" })));
    req.end();
    await arrived.promise;
    req.destroy();
    expect(await settled).toMatchObject({ outcome: "cancelled", status: 499 });
  });

  it("stops work when a timeout of the host's has answered", async () => {
    const { engine, started, aborted } = slowModel();
    const app = express();
    app.use("/v1", (_req, res, next) => {
      void started.then(() => res.status(503).send("too slow"));
      next();
    });
    app.use("/v1", outlet({ models: { slow: engine }, keys: [KEY], logger: quiet }));
    const response = await post(`${await listen(app)}/v1`, ask("hi", { model: "slow" }));
    expect([response.status, await response.text()]).toEqual([503, "too slow"]);
    await aborted;
  });
});
