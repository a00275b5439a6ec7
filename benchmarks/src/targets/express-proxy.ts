import { Agent } from "node:http";
import express from "express";
import { createProxyMiddleware } from "http-proxy-middleware";
import { port, upstreamOrigin } from "./environment.ts";

// With an agent that keeps connections; its own default opens one for each request.
const proxy = createProxyMiddleware({ target: `${upstreamOrigin}/v1`, agent: new Agent({ keepAlive: true }) });

express().use("/v1", proxy).listen(port, "127.0.0.1");
