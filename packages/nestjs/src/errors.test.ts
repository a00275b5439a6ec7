import type { IncomingMessage } from "node:http";
import {
  type ArgumentsHost,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  type NestInterceptor,
  type NestMiddleware,
  Post,
  ServiceUnavailableException,
  UnauthorizedException,
} from "@nestjs/common";
import { ApiError } from "@outlet/core";
import { throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { OutletModule, type OutletModuleExtras } from "./index.ts";
import { envelope, HELLO, KEY, PLATFORMS, parrot, silent, start } from "./test-support.ts";

const models = { parrot };
const mount = (extras: OutletModuleExtras = {}) =>
  OutletModule.forRoot({ models, keys: [KEY], logger: silent, ...extras });
const chat = "/v1/chat/completions";

@Controller("cats")
class CatsController {
  @Post()
  create(@Body() body: unknown) {
    return body;
  }

  @Get("forbidden")
  forbidden() {
    throw new ForbiddenException("no cats");
  }
}

/** A guard or middleware that refuses with what it is given. */
const refusal = (error: Error) => {
  @Injectable()
  class Refusal implements CanActivate, NestMiddleware {
    canActivate(): boolean {
      throw error;
    }
    use(): void {
      throw error;
    }
  }
  return Refusal;
};

describe.each(PLATFORMS)("on %s", (platform) => {
  describe("what is wrong with a request is said in the envelope", () => {
    test("JSON that does not parse", async () => {
      const { post } = await start(platform, { imports: [mount()] });
      const response = await post(chat, '{"model": "parrot",');
      expect(response.status).toBe(400);
      expect((await envelope(response)).message).toContain("could not parse the JSON body");
    });

    test("an unknown URL, even with a body that Nest would not parse", async () => {
      const { post } = await start(platform, { imports: [mount()] });
      for (const [body, type] of [
        ["{}", "application/json"],
        ["{broken", "application/json"],
        ["x", "application/x-unheard-of"],
      ] as const) {
        const response = await post("/v1/telepathy", body, { "content-type": type });
        expect(response.status).toBe(404);
        const error = await envelope(response);
        expect([error.code, error.message]).toEqual(["unknown_url", "Invalid URL (POST /v1/telepathy)"]);
      }
    });

    test("the mount point itself", async () => {
      const { origin } = await start(platform, { imports: [mount()] });
      const response = await fetch(`${origin}/v1`);
      expect([response.status, (await envelope(response)).code]).toEqual([404, "unknown_url"]);
    });

    test("a wrong method", async () => {
      const { origin } = await start(platform, { imports: [mount()] });
      const response = await fetch(`${origin}/v1/embeddings`);
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
      expect((await envelope(response)).code).toBe("method_not_supported");
    });

    test("a body over the limit", async () => {
      const { post } = await start(platform, {
        imports: [OutletModule.forRoot({ models, keys: [KEY], maxBodyBytes: 1000 })],
      });
      const response = await post(chat, JSON.stringify({ ...HELLO, user: "x".repeat(2000) }));
      expect([response.status, (await envelope(response)).code]).toEqual([413, "request_too_large"]);
    });

    test("a content type that is not JSON", async () => {
      const { post } = await start(platform, { imports: [mount()] });
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/x-unheard-of", "nonsense"]) {
        const response = await post(chat, "a=b", { "content-type": type });
        expect([response.status, (await envelope(response)).code]).toEqual([415, "unsupported_content_type"]);
      }
    });

    test("a wrong key, before the body is looked at", async () => {
      const { post } = await start(platform, { imports: [mount()] });
      const response = await post(chat, "{broken", { authorization: "Bearer sk-wrong" });
      expect([response.status, (await envelope(response)).code]).toEqual([401, "invalid_api_key"]);
    });
  });

  describe("the host's own refusals become envelopes", () => {
    test.each([
      ["a denial", new ForbiddenException(), 403, "invalid_request_error", "Forbidden"],
      ["a missing session", new UnauthorizedException("log in first"), 401, "invalid_request_error", "log in first"],
      ["a throttled caller", new HttpException("Too Many Requests", 429), 429, "requests", "Too Many Requests"],
      ["maintenance", new ServiceUnavailableException("back soon"), 503, "server_error", "back soon"],
      ["an ApiError", new ApiError({ status: 402, type: "billing", message: "pay" }), 402, "billing", "pay"],
    ])("%s by the module's guards", async (_, error, status, type, message) => {
      const { post } = await start(platform, { imports: [mount({ guards: [refusal(error)] })] });
      for (const path of [chat, "/v1/telepathy", "/v1/v1/chat/completions", "/v1/models/acme/parrot"]) {
        const response = await post(path, JSON.stringify(HELLO));
        expect(response.status).toBe(status);
        expect(await envelope(response)).toMatchObject({ type, message });
      }
    });

    test("a guard that just says no", async () => {
      const guard: CanActivate = { canActivate: () => false };
      const { post } = await start(platform, { imports: [mount({ guards: [guard] })] });
      const response = await post(chat, JSON.stringify(HELLO));
      expect([response.status, (await envelope(response)).message]).toEqual([403, "Forbidden resource"]);
    });

    test("a global guard", async () => {
      const { post } = await start(platform, { imports: [mount()] }, (app) => {
        app.useGlobalGuards(new (refusal(new UnauthorizedException()))());
      });
      const response = await post(chat, JSON.stringify(HELLO));
      expect([response.status, (await envelope(response)).message]).toEqual([401, "Unauthorized"]);
    });

    test("an error nobody foresaw is opaque", async () => {
      const logged: string[] = [];
      const logger = { error: (_: object, message: string) => logged.push(message), warn: () => {} };
      const { post } = await start(platform, {
        imports: [OutletModule.forRoot({ models, keys: [KEY], logger, guards: [refusal(new Error("db password"))] })],
      });
      const response = await post(chat, JSON.stringify(HELLO));
      const error = await envelope(response);
      expect([response.status, error.type]).toEqual([500, "server_error"]);
      expect(error.message).not.toContain("password");
      expect(logged).toEqual(["request failed"]);
    });

    test("middleware that throws, of Nest's kind and of the platform's", async () => {
      const Refusal = refusal(new UnauthorizedException("no cookie"));
      class WithMiddleware {
        configure(consumer: import("@nestjs/common").MiddlewareConsumer) {
          consumer.apply(Refusal).forRoutes("{*path}");
        }
      }
      const nested = await start(platform, { imports: [mount(), { module: WithMiddleware }] });
      const first = await nested.post(chat, JSON.stringify(HELLO));
      expect([first.status, (await envelope(first)).message]).toEqual([401, "no cookie"]);

      const raw = await start(platform, { imports: [mount()], controllers: [CatsController] }, (app) => {
        app.use((_req: unknown, _res: unknown, next: (error: Error) => void) => next(new ForbiddenException("raw")));
      });
      const second = await raw.post(chat, JSON.stringify(HELLO));
      expect([second.status, (await envelope(second)).message]).toEqual([403, "raw"]);
      expect(await (await raw.post("/cats", "{}")).json()).toMatchObject({ statusCode: 403, message: "raw" });
    });

    test("an interceptor that gives up cancels the engine", async () => {
      let aborted = false;
      const sleeper = {
        specificationVersion: "v1" as const,
        chat: (_: unknown, { signal }: { signal: AbortSignal }) =>
          new Promise<never>((_resolve, reject) => {
            started();
            signal.addEventListener("abort", () => {
              aborted = true;
              reject(signal.reason);
            });
          }),
      };
      let started = () => {};
      const underWay = new Promise<void>((resolve) => {
        started = resolve;
      });
      const impatient: NestInterceptor = {
        async intercept(_: ExecutionContext, next: CallHandler) {
          next.handle().subscribe();
          await underWay;
          return throwError(() => new HttpException("too slow", 408));
        },
      };
      const { post } = await start(platform, {
        imports: [OutletModule.forRoot({ models: { sleeper }, keys: [KEY], interceptors: [impatient] })],
      });
      const response = await post(chat, JSON.stringify({ ...HELLO, model: "sleeper" }));
      expect([response.status, (await envelope(response)).message]).toEqual([408, "too slow"]);
      expect(aborted).toBe(true);
    });
  });

  describe("routes outside the mount keep Nest's own ways", () => {
    test("errors, limits and bodies", async () => {
      const { origin, post } = await start(platform, { imports: [mount()], controllers: [CatsController] });
      expect(await (await post("/cats", '{"a":1}')).json()).toEqual({ a: 1 });
      expect(await (await fetch(`${origin}/cats/forbidden`)).json()).toEqual({
        statusCode: 403,
        message: "no cats",
        error: "Forbidden",
      });
      expect(await (await fetch(`${origin}/nowhere`)).json()).toMatchObject({ statusCode: 404 });
      expect(await (await fetch(`${origin}/v1x/models`)).json()).toMatchObject({ statusCode: 404 });
      expect(await (await post("/cats", "{broken")).json()).toMatchObject({ statusCode: 400 });
      expect(await (await post("/cats", JSON.stringify("x".repeat(1_100_000)))).json()).toMatchObject({
        statusCode: 413,
      });
    });

    test("a host filter for everything sees all that is the host's, and nothing of the API's", async () => {
      const seen: string[] = [];
      @Catch()
      class Everything {
        catch(_: unknown, host: ArgumentsHost) {
          const [request, response] = host.getArgs();
          seen.push(request.url);
          (response.status?.(418) ?? response).send("mine");
        }
      }
      const signedIn: CanActivate = {
        canActivate: (context) => context.switchToHttp().getRequest().headers.cookie === "signed in",
      };
      const imports = [
        mount({ guards: [signedIn] }),
        mount({ path: "parsed", hostBodyParser: true, guards: [signedIn] }),
      ];
      const { origin, post } = await start(platform, { imports, controllers: [CatsController] }, (app) => {
        app.useGlobalFilters(new Everything());
        app.use((request: IncomingMessage, _: unknown, next: (error?: Error) => void) => {
          next(request.headers["x-banned"] ? new ForbiddenException("banned") : undefined);
        });
      });
      for (const path of ["/cats/forbidden", "/nowhere"]) {
        expect(await (await fetch(origin + path)).text()).toBe("mine");
      }
      expect(seen).toEqual(["/cats/forbidden", "/nowhere"]);
      for (const [path, body, headers, status] of [
        [chat, "{broken", { cookie: "signed in" }, 400],
        ["/v1/telepathy", "{broken", { cookie: "signed in" }, 404],
        ["/parsed/chat/completions", "{broken", { cookie: "signed in" }, 400],
        [chat, "{}", {}, 403],
        [chat, "{}", { "x-banned": "yes" }, 403],
      ] as const) {
        const response = await post(path, body, headers);
        expect(response.status).toBe(status);
        await envelope(response);
      }
      expect(seen).toHaveLength(2);
    });
  });

  describe("an application with routes of its own below the mount path", () => {
    @Controller("v1/dogs")
    class DogsController {
      @Post()
      create(@Body() body: unknown) {
        return body;
      }

      @Get()
      find() {
        throw new ForbiddenException("no dogs");
      }
    }

    class DogsModule {}

    test("keeps them as they are, wherever it imports the module", async () => {
      const { origin, post, client } = await start(platform, {
        imports: [mount(), { module: DogsModule, controllers: [DogsController] }],
      });
      expect(await (await post("/v1/dogs", '{"a":1}')).json()).toEqual({ a: 1 });
      expect(await (await post("/v1/dogs", "{broken")).json()).toMatchObject({ statusCode: 400 });
      expect(await (await fetch(`${origin}/v1/dogs`)).json()).toMatchObject({ message: "no dogs" });
      expect((await client().chat.completions.create(HELLO)).choices).toHaveLength(1);
      expect((await envelope(await post("/v1/telepathy", "{}"))).code).toBe("unknown_url");
      expect((await post(chat, "{broken")).status).toBe(400);
    });
  });
});

// Fastify's router answers this one by itself, before anything of the application's runs.
test("a path that cannot be decoded is refused in the envelope, on express", async () => {
  const { origin } = await start("express", { imports: [mount()] });
  const response = await fetch(`${origin}/v1/models/%zz`, { headers: { authorization: `Bearer ${KEY}` } });
  expect([response.status, (await envelope(response)).type]).toEqual([400, "invalid_request_error"]);
});
