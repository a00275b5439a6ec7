import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  Body,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type MiddlewareConsumer,
  type NestInterceptor,
  type PipeTransform,
  Post,
  RequestMethod,
  VersioningType,
} from "@nestjs/common";
import { RouterModule } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { createOutlet } from "@outlet/core";
import { OpenAI } from "openai";
import { map } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import { OutletModule } from "./index.ts";
import { collect, envelope, HELLO, KEY, PLATFORMS, parrot, silent, start } from "./test-support.ts";

const models = { parrot };
const imports = [OutletModule.forRoot({ models, keys: [KEY] })];

@Controller("cats")
class CatsController {
  @Get()
  find() {
    return "cats";
  }

  @Post()
  create(@Body() body: object) {
    return body;
  }
}

describe.each(PLATFORMS)("on %s", (platform) => {
  const chats = async (openai: OpenAI) => {
    const content = "x".repeat(1_200_000);
    const answer = await openai.chat.completions.create({ ...HELLO, messages: [{ role: "user", content }] });
    return answer.choices[0]?.message.content === content;
  };

  describe("the mount is where the application's paths say", () => {
    test("below the global prefix", async () => {
      const { client, origin, post } = await start(platform, { imports, controllers: [CatsController] }, (app) => {
        app.setGlobalPrefix("api");
      });
      expect(await chats(client("/api/v1"))).toBe(true);
      const unknown = await post("/api/v1/telepathy", "{}");
      expect((await envelope(unknown)).message).toBe("Invalid URL (POST /api/v1/telepathy)");
      expect((await fetch(`${origin}/v1/models`)).status).toBe(404);
    });

    test("outside the global prefix, when excluded from it", async () => {
      const { client } = await start(platform, { imports, controllers: [CatsController] }, (app) => {
        app.setGlobalPrefix("api", { exclude: [{ path: "v1/{*path}", method: RequestMethod.ALL }] });
      });
      expect(await chats(client("/v1"))).toBe(true);
    });

    test.each([
      ["URI", { type: VersioningType.URI as const, defaultVersion: "7" }],
      ["header", { type: VersioningType.HEADER as const, header: "x-api", defaultVersion: "7" }],
      ["media type", { type: VersioningType.MEDIA_TYPE as const, key: "v=", defaultVersion: "7" }],
    ])("whatever %s versioning the application enables", async (_, versioning) => {
      const { client, origin } = await start(platform, { imports, controllers: [CatsController] }, (app) => {
        app.setGlobalPrefix("api");
        app.enableVersioning(versioning);
      });
      expect(await chats(client("/api/v1"))).toBe(true);
      const cats = versioning.type === VersioningType.URI ? "/api/v7/cats" : "/api/cats";
      const headers = { "x-api": "7", accept: "application/json;v=7" };
      expect(await (await fetch(origin + cats, { headers })).text()).toBe("cats");
    });

    test("below a path that RouterModule gives the module", async () => {
      const { client } = await start(platform, {
        imports: [...imports, RouterModule.register([{ path: "admin", module: OutletModule }])],
      });
      expect(await chats(client("/admin/v1"))).toBe(true);
    });

    test("at the root, beside the application's own routes", async () => {
      const { client, origin, post } = await start(platform, {
        imports: [OutletModule.forRoot({ path: "/", models, keys: [KEY] })],
        controllers: [CatsController],
      });
      expect(await chats(client("/"))).toBe(true);
      expect(await (await fetch(`${origin}/cats`)).text()).toBe("cats");
      expect(await (await post("/cats", '{"a":1}')).json()).toEqual({ a: 1 });
      expect(await (await fetch(`${origin}/nowhere`)).json()).toMatchObject({ statusCode: 404 });
    });
  });

  test("global pipes and interceptors do not touch the API", async () => {
    const wrap: NestInterceptor = {
      intercept: (_, next: CallHandler) => next.handle().pipe(map((data) => ({ data }))),
    };
    const refuseAll: PipeTransform = {
      transform() {
        throw new Error("a pipe saw the API");
      },
    };
    const { client, origin } = await start(platform, { imports, controllers: [CatsController] }, (app) => {
      app.useGlobalInterceptors(wrap);
      app.useGlobalPipes(refuseAll);
    });
    const completion = await client().chat.completions.create(HELLO);
    expect(Object.keys(completion)).toContain("choices");
    const stream = await client().chat.completions.create({ ...HELLO, stream: true });
    expect((await collect(stream)).length).toBeGreaterThan(3);
    expect(await (await fetch(`${origin}/cats`)).json()).toEqual({ data: "cats" });
  });

  test("the application's middleware for these paths runs", async () => {
    const paths: string[] = [];
    class WithMiddleware {
      configure(consumer: MiddlewareConsumer) {
        const record = (request: { originalUrl: string }, _: unknown, next: () => void) => {
          paths.push(request.originalUrl);
          next();
        };
        consumer.apply(record).forRoutes({ path: "v1/*path", method: RequestMethod.ALL });
      }
    }
    const { client, post } = await start(platform, { imports: [...imports, { module: WithMiddleware }] });
    await client().chat.completions.create(HELLO);
    expect((await post("/v1/telepathy", "{}")).status).toBe(404);
    expect(paths).toEqual(["/v1/chat/completions", "/v1/telepathy"]);
  });

  test("interceptors of the mount see the operation by its name", async () => {
    const seen: string[] = [];
    @Injectable()
    class Recorder implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler) {
        seen.push(context.getHandler().name);
        return next.handle();
      }
    }
    const { client } = await start(platform, {
      imports: [OutletModule.forRoot({ models, keys: [KEY], interceptors: [Recorder] })],
    });
    await client().chat.completions.create(HELLO);
    await client().models.retrieve("parrot");
    expect(seen).toEqual(["createChatCompletion", "retrieveModel"]);
  });

  test("guards see the request's headers as the client sent them", async () => {
    let seen: unknown;
    const guard: CanActivate = {
      canActivate(context) {
        seen = context.switchToHttp().getRequest().headers["content-type"];
        return true;
      },
    };
    const { client } = await start(platform, {
      imports: [OutletModule.forRoot({ models, keys: [KEY], guards: [guard] })],
    });
    await client().chat.completions.create(HELLO);
    expect(seen).toBe("application/json");
  });

  test("headers that the host has set stay on the answer", async () => {
    const { post } = await start(platform, { imports }, (app) => {
      app.enableCors({ origin: "https://app.example", exposedHeaders: ["x-request-id"] });
      app.use((_: unknown, response: import("node:http").ServerResponse, next: () => void) => {
        response.setHeader("x-frame-options", "DENY");
        next();
      });
    });
    for (const body of [JSON.stringify(HELLO), JSON.stringify({ ...HELLO, stream: true }), "{"]) {
      const response = await post("/v1/chat/completions", body, { origin: "https://app.example" });
      expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
      expect(response.headers.get("x-frame-options")).toBe("DENY");
      await response.text();
    }
  });

  describe("the host says who is calling", () => {
    @Injectable()
    class SessionGuard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const request = context.switchToHttp().getRequest();
        request.user = request.headers.cookie === "session=ada" ? { id: "ada" } : undefined;
        return true;
      }
    }
    const withSession = (seen: unknown[] = []) =>
      OutletModule.forRoot({
        models,
        keys: [KEY],
        guards: [SessionGuard],
        onSettle: ({ principal }) => seen.push(principal?.id),
        logger: silent,
        authenticate: ({ user }) => (user ? { id: (user as { id: string }).id } : null),
      });

    test("by the user a guard has put on the request", async () => {
      const principals: unknown[] = [];
      const { post } = await start(platform, { imports: [withSession(principals)] });
      const headers = { authorization: "", cookie: "session=ada" };
      expect((await post("/v1/chat/completions", JSON.stringify(HELLO), headers)).status).toBe(200);
      expect((await post("/v1/chat/completions", JSON.stringify(HELLO))).status).toBe(200);
      expect((await post("/v1/chat/completions", JSON.stringify(HELLO), { authorization: "" })).status).toBe(401);
      expect(principals).toEqual(["ada", "key-1", undefined]);
    });
  });

  describe("with the host's own body parser", () => {
    const guard: CanActivate = {
      canActivate: (context) => context.switchToHttp().getRequest().body?.model === "parrot",
    };
    const parsing = OutletModule.forRoot({ models, keys: [KEY], guards: [guard], hostBodyParser: true });

    test("guards see the body, and the outlet answers what was parsed", async () => {
      const { client, post } = await start(platform, { imports: [parsing] });
      expect((await client().chat.completions.create(HELLO)).choices[0]?.message.content).toBe("one two three");
      expect((await post("/v1/chat/completions", '{"model":"other"}')).status).toBe(403);
    });

    test("its refusals are envelopes", async () => {
      const { post } = await start(platform, { imports: [parsing] });
      const broken = await post("/v1/chat/completions", "{broken");
      expect([broken.status, (await envelope(broken)).type]).toEqual([400, "invalid_request_error"]);
      const big = await post("/v1/chat/completions", JSON.stringify({ ...HELLO, user: "x".repeat(1_100_000) }));
      expect([big.status, (await envelope(big)).type]).toEqual([413, "invalid_request_error"]);
    });
  });

  test("an application's own parsers stay away from the API, too", async () => {
    const { client } = await start(platform, { imports }, (app) => {
      const parsing = app as unknown as { useBodyParser(type: string, options: object): void };
      parsing.useBodyParser(platform === "express" ? "json" : "application/json", { limit: 100, bodyLimit: 100 });
    });
    expect(await chats(client())).toBe(true);
  });

  test("an outlet made elsewhere keeps its own authenticate", async () => {
    const outlet = createOutlet({
      models,
      authenticate: ({ host }) => ((host as { headers: object }).headers ? { id: "x" } : null),
    });
    const { client } = await start(platform, { imports: [OutletModule.forRoot({ outlet })] });
    expect((await client().models.list()).data).toHaveLength(1);
  });
});

test("an Express application may mount the whole Nest application", async () => {
  const { app } = await start("express", { imports });
  const outer = new ExpressAdapter().getInstance();
  outer.use("/nest", app.getHttpAdapter().getInstance());
  const server = outer.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nest/v1`;
  const content = "x".repeat(200_000);
  const openai = new OpenAI({ baseURL, apiKey: KEY, maxRetries: 0 });
  const completion = await openai.chat.completions.create({ ...HELLO, messages: [{ role: "user", content }] });
  expect(completion.choices[0]?.message.content).toBe(content);
});
