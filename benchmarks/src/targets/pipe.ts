import { Agent, createServer, request } from "node:http";
import { serve, upstreamOrigin } from "../serve.ts";

// The yardstick: a bare node:http streaming pipe with keep-alive, which checks nothing and counts nothing.

const agent = new Agent({ keepAlive: true });

serve(
  createServer((req, res) => {
    const upstream = request(upstreamOrigin + req.url, { agent, method: req.method, headers: req.headers }, (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    req.pipe(upstream);
    res.on("close", () => upstream.destroy());
  }),
);
