import express from "express";
import { port } from "./environment.ts";

express()
  .post("/v1/chat/completions", (_request, response) => void response.json({}))
  .listen(port, "127.0.0.1");
