import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { outlet, outletErrorHandler } from "./index.ts";
import { ask, echo, errorOf, headers, KEY, listen, majors, post, quiet } from "./test-support.ts";

const options = { models: { echo }, keys: [KEY], logger: quiet };
const content = async (response: Response) => {
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content;
};

describe.each(majors)("bodies on %s", (_name, express) => {
  it.each([
    ["json", express.json()],
    ["raw", express.raw({ type: "*/*" })],
    ["text", express.text({ type: "*/*" })],
    ["urlencoded", express.urlencoded({ extended: true })],
  ])("answers behind express.%s()", async (_parser, parser) => {
    const app = express();
    app.use(parser);
    app.use("/v1", outlet(options));
    const base = await listen(app);
    expect(await content(await post(`${base}/v1`, ask("grüezi")))).toBe("grüezi");
    const broken = await post(`${base}/v1`, ask("hi", { temperature: 9 }));
    expect([broken.status, (await errorOf(broken)).code]).toEqual([400, "decimal_above_max_value"]);
  });

  it("says which content type it wants", async () => {
    const app = express();
    app.use(express.urlencoded({ extended: true }));
    app.use("/v1", outlet(options));
    const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
    const response = await post(`${await listen(app)}/v1`, "model=echo", { headers: form });
    expect([response.status, (await errorOf(response)).code]).toEqual([415, "unsupported_content_type"]);
  });

  it("takes bodies that express.json() would refuse, when mounted before it", async () => {
    const app = express();
    app.use("/v1", outlet(options));
    app.use(express.json());
    app.post("/own", (req, res) => void res.json(req.body));
    const base = await listen(app);
    const long = "x".repeat(300_000);
    expect(await content(await post(`${base}/v1`, ask(long)))).toBe(long);
    const own = await fetch(`${base}/own`, { method: "POST", headers, body: '{"a":1}' });
    expect(await own.json()).toEqual({ a: 1 });
  });

  it("answers what express.json() refuses in the envelope", async () => {
    const app = express();
    const api = outlet(options);
    app.use(express.json({ limit: 1000 }));
    app.use("/v1", api, outletErrorHandler(api));
    const base = `${await listen(app)}/v1`;
    const refusal = async (response: Response) => {
      expect(response.headers.get("x-request-id")).toMatch(/^req_/);
      const { message, code } = await errorOf(response);
      return [response.status, code, message];
    };
    expect(await refusal(await post(base, '{"model":'))).toEqual([
      400,
      null,
      expect.stringContaining("We could not parse the JSON body of your request."),
    ]);
    expect(await refusal(await post(base, ask("x".repeat(2000))))).toEqual([
      413,
      "request_too_large",
      "The request body exceeds the maximum size of 1000 bytes.",
    ]);
    const latin = { ...headers, "content-type": "application/json; charset=latin1" };
    expect(await refusal(await post(base, ask("hi"), { headers: latin }))).toEqual([
      415,
      "unsupported_content_type",
      expect.stringContaining("application/json; charset=latin1"),
    ]);
    const encoded = { ...headers, "content-encoding": "lzma" };
    expect(await refusal(await post(base, ask("hi"), { headers: encoded }))).toEqual([
      415,
      "unsupported_content_encoding",
      expect.stringContaining("lzma"),
    ]);
    const zipped = { ...headers, "content-encoding": "gzip" };
    expect((await post(base, ask("hi"), { headers: zipped, body: gzipSync(JSON.stringify(ask("hi"))) })).status).toBe(
      200,
    );
  });

  it("answers a guard's refusal in the envelope, and hides what is not for clients", async () => {
    const app = express();
    const api = outlet(options);
    const refusals: Record<string, object> = {
      "/v1/shown": Object.assign(new Error("The plan has ended."), { status: 402, expose: true }),
      "/v1/hidden": Object.assign(new Error("GET http://internal 404"), { status: 404 }),
      "/v1/bug": new TypeError("undefined is not a function"),
    };
    app.use((req, _res, next) => next(refusals[req.path]));
    app.use("/v1", api, outletErrorHandler(api));
    const base = await listen(app);
    const refusal = async (path: string) => {
      const response = await fetch(base + path, { headers });
      return [response.status, (await errorOf(response)).message];
    };
    expect(await refusal("/v1/shown")).toEqual([402, "The plan has ended."]);
    expect(await refusal("/v1/hidden")).toEqual([404, "The request was refused."]);
    expect(await refusal("/v1/bug")).toEqual([500, expect.stringContaining("The server had an error")]);
  });

  it("leaves errors of paths that are not the API's to the app", async () => {
    const app = express();
    const api = outlet({ ...options, fallthrough: true });
    app.use(express.json());
    app.use(api, outletErrorHandler(api));
    app.use(
      ((_error, _req, res, _next) =>
        void res.status(400).send("the app's own")) as import("express").ErrorRequestHandler,
    );
    const base = await listen(app);
    const own = await fetch(`${base}/contact`, { method: "POST", headers, body: "{" });
    expect(await own.text()).toBe("the app's own");
    expect((await errorOf(await post(`${base}/v1`, "{"))).type).toBe("invalid_request_error");
  });

  it("keeps the connection after a refusal that left the body unread", async () => {
    const app = express();
    app.use("/v1", outlet(options));
    const url = new URL(`${await listen(app)}/v1/chat/completions`);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = async (key: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<[ClientRequest, IncomingMessage]>();
      const req = request(url, { agent, method: "POST", headers: { ...headers, authorization: `Bearer ${key}` } });
      req.on("response", (res) => resolve([req, res])).on("error", reject);
      req.end(JSON.stringify(ask("x".repeat(200_000))));
      const [sent, res] = await promise;
      await text(res);
      return [res.statusCode, sent.reusedSocket];
    };
    expect(await send("wrong-key")).toEqual([401, false]);
    expect(await send(KEY)).toEqual([200, true]);
    agent.destroy();
  });
});
