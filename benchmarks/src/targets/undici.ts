import { createServer } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { port, upstreamOrigin } from "./environment.ts";

// undici's dispatch behind node:http with nothing else on the way: what the HTTP itself costs, at its cheapest.

const pool = new Pool(upstreamOrigin);

createServer((req, res) => {
  const chunks: Uint8Array[] = [];
  let upstream: Dispatcher.DispatchController | undefined;
  res.on("close", () => {
    if (!res.writableFinished) upstream?.abort(new Error("the client has left"));
  });
  req.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  req.on("end", () => {
    const headers = { "content-type": "application/json" };
    pool.dispatch(
      { method: "POST", path: req.url ?? "/", headers, body: Buffer.concat(chunks) },
      {
        onRequestStart: (controller) => {
          upstream = controller;
        },
        onResponseStart: (_controller, status, headers) => {
          const length = headers["content-length"];
          if (length !== undefined) res.setHeader("content-length", length);
          res.writeHead(status, { "content-type": String(headers["content-type"]) });
        },
        onResponseData: (controller, chunk) => {
          if (res.write(chunk)) return;
          controller.pause();
          res.once("drain", () => controller.resume());
        },
        onResponseEnd: () => void res.end(),
        onResponseError: () => void res.destroy(),
      },
    );
  });
}).listen(port, "127.0.0.1");
