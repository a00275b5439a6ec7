import { createServer } from "node:http";
import { Pool } from "undici";
import { serve, upstreamOrigin } from "../serve.ts";

// What undici's raw dispatch behind node:http costs with nothing else on the way.

const pool = new Pool(upstreamOrigin, { connections: 256 });

serve(
  createServer((req, res) => {
    const chunks: Uint8Array[] = [];
    req.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    req.on("end", () => {
      const headers = { "content-type": "application/json" };
      pool.dispatch(
        { method: "POST", path: req.url ?? "/", headers, body: Buffer.concat(chunks) },
        {
          onRequestStart() {},
          onResponseStart: (_controller, status, replyHeaders) =>
            void res.writeHead(status, { "content-type": String(replyHeaders["content-type"]) }),
          onResponseData: (_controller, chunk) => void res.write(chunk),
          onResponseEnd: () => void res.end(),
          onResponseError: () => void res.destroy(),
        },
      );
    });
  }),
);
