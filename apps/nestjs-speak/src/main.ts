import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { Upstream } from "./api/upstream.ts";
import { AppModule } from "./app.module.ts";
import { AppConfig } from "./config.module.ts";
import { configure } from "./configure.ts";

const app = configure(await NestFactory.create<NestExpressApplication>(AppModule));

const { accounts, host, madeAccount, port } = app.get(AppConfig);
await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `Port ${port} is taken; PORT names another.` : error.message);
  process.exit(1);
});

const url = await app.getUrl();
const upstream = app.get(Upstream, { strict: false });
console.log(`
  Lessons      ${url}
  Swagger      ${url}/docs
  OpenAI API   ${url}/v1
  API key      ${madeAccount ? `${accounts[0]?.key}  (new at every start; set OUTLET_KEYS to keep one)` : "those in OUTLET_KEYS"}
  Answers      ${upstream.model}, from ${upstream.name}
`);
