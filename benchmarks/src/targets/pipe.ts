import { Agent, createServer, request } from "node:http";
import { port, upstreamOrigin } from "./environment.ts";

// The yardstick: a bare node:http streaming pipe with keep-alive, which checks nothing and counts nothing.

const agent = new Agent({ keepAlive: true });

createServer((req, res) => {
  const upstream = request(upstreamOrigin + req.url, { agent, method: req.method, headers: req.headers }, (reply) => {
    res.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(res);
  });
  upstream.on("error", () => res.destroy());
  req.pipe(upstream);
  res.on("close", () => upstream.destroy());
}).listen(port, "127.0.0.1");
