import { Controller, Get, Inject, Injectable, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { DocumentBuilder, SwaggerModule } from "@nestjs/swagger";
import { Test } from "@nestjs/testing";
import { createOutlet, defineModel, type Outlet, operations } from "@outlet/core";
import type { OpenAI } from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  InjectOpenAI,
  InjectOutlet,
  OPENAI,
  OUTLET,
  OUTLET_OPTIONS,
  OutletModule,
  type OutletModuleOptions,
  type OutletOptionsFactory,
} from "./index.ts";
import { collect, HELLO, KEY, PLATFORMS, parrot, silent, start } from "./test-support.ts";

const models = { parrot };

@Injectable()
class Settings {
  readonly keys = [KEY];
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class OptionsFactory implements OutletOptionsFactory {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  async createOutletOptions(): Promise<OutletModuleOptions> {
    return { models, keys: this.settings.keys };
  }
}

@Module({ imports: [SettingsModule], providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

@Controller("assistant")
class AssistantController {
  constructor(
    @InjectOpenAI() private readonly openai: OpenAI,
    @InjectOutlet() private readonly outlet: Outlet,
  ) {}

  @Get()
  async answer() {
    const completion = await this.openai.chat.completions.create(HELLO);
    return { content: completion.choices[0]?.message.content, operations: this.outlet.operations.length };
  }

  @Get("stream")
  async stream() {
    const stream = await this.openai.chat.completions.create({ ...HELLO, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    return { text };
  }
}

describe.each(PLATFORMS)("on %s", (platform) => {
  test.each([
    [
      "useFactory",
      OutletModule.forRootAsync({
        path: "ai",
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => ({ models, keys: settings.keys }),
      }),
    ],
    ["useClass", OutletModule.forRootAsync({ path: "ai", imports: [SettingsModule], useClass: OptionsFactory })],
    ["useExisting", OutletModule.forRootAsync({ path: "ai", imports: [OptionsModule], useExisting: OptionsFactory })],
  ])("options come from %s, the path from the definition", async (_, module) => {
    const { client } = await start(platform, { imports: [module] });
    expect((await client("/ai").models.list()).data).toHaveLength(1);
  });

  test("a service chats through the injected client, in process, without a key", async () => {
    const principals: unknown[] = [];
    const { origin } = await start(platform, {
      imports: [
        OutletModule.forRoot({
          models,
          keys: [KEY],
          authenticate: () => null,
          onSettle: (call) => principals.push(call.principal?.id),
        }),
      ],
      controllers: [AssistantController],
    });
    const answer = await (await fetch(`${origin}/assistant`)).json();
    expect(answer).toEqual({ content: "one two three", operations: operations.length });
    expect(await (await fetch(`${origin}/assistant/stream`)).json()).toEqual({ text: "one two three" });
    expect(principals).toEqual(["in-process", "in-process"]);
  });

  test("the injected client's key opens nothing from outside", async () => {
    const { app, client } = await start(platform, {
      imports: [OutletModule.forRoot({ models, keys: [KEY], logger: silent })],
    });
    const { apiKey } = await app.resolve<OpenAI>(OPENAI);
    await expect(client("/v1", String(apiKey)).models.list()).rejects.toMatchObject({ status: 401 });
  });

  test("requests under way finish when the application closes, and the engines are closed", async () => {
    let closed = false;
    let proceed = () => {};
    const engine = defineModel(async function* () {
      yield "first ";
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
      yield "last";
    });
    const model = Object.assign(engine, {
      async close() {
        closed = true;
      },
    });
    const { app, client } = await start(platform, {
      imports: [OutletModule.forRoot({ models: { model }, access: "open" })],
    });
    const stream = await client().chat.completions.create({ ...HELLO, model: "model", stream: true });
    let text = "";
    let closing: Promise<void> | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text !== "first " || closing) continue;
      closing = app.close();
      proceed();
    }
    await closing;
    expect([text, closed]).toEqual(["first last", true]);
  });

  test("a request that does not end is cancelled after graceMs", async () => {
    let aborted = () => {};
    const left = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const model = defineModel(async function* ({ signal }) {
      yield "first";
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      aborted();
    });
    const { app, client } = await start(platform, {
      imports: [OutletModule.forRoot({ models: { model }, access: "open", graceMs: 0, logger: silent })],
    });
    const stream = await client().chat.completions.create({ ...HELLO, model: "model", stream: true });
    const reading = collect(stream).catch(() => {});
    await app.close();
    await left;
    await reading;
  });

  test("the OpenAPI document lists every operation under its own id", async () => {
    const { app } = await start(platform, { imports: [OutletModule.forRoot({ models, keys: [KEY] })] }, (host) => {
      host.setGlobalPrefix("api");
    });
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    expect(listed.sort()).toEqual(operations.map(({ method, path, id }) => `${method} /api/v1${path} ${id}`).sort());
    const chat = document.paths["/api/v1/chat/completions"]?.post;
    expect(chat).toMatchObject({
      tags: ["OpenAI API"],
      requestBody: {
        required: true,
        content: { "application/json": { schema: { type: "object", required: ["messages", "model"] } } },
      },
      responses: { 200: { content: { "application/json": {}, "text/event-stream": {} } } },
    });
    expect(document.paths["/api/v1/models/{model}"]?.get?.parameters).toMatchObject([{ name: "model", in: "path" }]);
  });
});

test("with access open, the injected client needs no key either", async () => {
  const { app } = await start("express", { imports: [OutletModule.forRoot({ models, access: "open" })] });
  const openai = await app.resolve<OpenAI>(OPENAI);
  expect((await openai.models.list()).data).toHaveLength(1);
  expect(await app.resolve<OpenAI>(OPENAI)).toBe(openai);
});

test("the outlet is injected where the module is imported only, unless global", async () => {
  @Injectable()
  class Service {
    constructor(@InjectOutlet() readonly outlet: Outlet) {}
  }
  @Module({ providers: [Service] })
  class Feature {}
  const { app } = await start("express", { imports: [Feature, OutletModule.forRoot({ models, keys: [KEY] })] });
  expect(app.get(Service).outlet).toBe(app.get(OUTLET));
  const local = { imports: [Feature, OutletModule.forRoot({ models, keys: [KEY], isGlobal: false })] };
  await expect(start("express", local)).rejects.toThrow("can't resolve dependencies");
});

test("the injected client works on an existing outlet, too, as whom the module says", async () => {
  const principals: unknown[] = [];
  const outlet = createOutlet({ models, keys: [KEY], onSettle: ({ principal }) => principals.push(principal) });
  @Injectable()
  class Service {
    constructor(@InjectOpenAI() readonly openai: OpenAI) {}
  }
  const client = { principal: { id: "assistant", project: "proj_a" } };
  for (const options of [{ outlet }, { outlet, client }]) {
    const { app } = await start("express", { imports: [OutletModule.forRoot(options)], providers: [Service] });
    expect((await app.get(Service).openai.models.list()).data).toHaveLength(1);
  }
  expect(principals).toEqual([{ id: "in-process" }, client.principal]);
});

test("tests replace the options, and with them what answers, or the client alone", async () => {
  const stand = defineModel(() => "from the stand-in");
  const imports = [OutletModule.forRoot({ models, keys: [KEY] })];
  const testing = () => Test.createTestingModule({ imports, controllers: [AssistantController] });
  const answered = await testing()
    .overrideProvider(OUTLET_OPTIONS)
    .useValue({ models: { "*": stand }, access: "open" })
    .compile();
  expect((await answered.get(AssistantController).answer()).content).toBe("from the stand-in");

  const create = async () => ({ choices: [{ message: { content: "from a fake" } }] });
  const faked = await testing()
    .overrideProvider(OPENAI)
    .useValue({ chat: { completions: { create } } })
    .compile();
  expect((await faked.get(AssistantController).answer()).content).toBe("from a fake");

  const app = answered.createNestApplication();
  onTestFinished(() => app.close());
  await app.listen(0, "127.0.0.1");
  expect((await fetch(`${await app.getUrl()}/v1/models`)).status).toBe(200);
});

test("without a server, the outlet and its client are still there", async () => {
  class AppModule {}
  Module({ imports: [OutletModule.forRoot({ models, keys: [KEY] })] })(AppModule);
  const context = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  const openai = await context.resolve<OpenAI>(OPENAI);
  expect((await openai.chat.completions.create(HELLO)).choices[0]?.message.content).toBe("one two three");
  await context.close();
});

test("what is not an outlet is refused when the module starts", async () => {
  const imports = [OutletModule.forRoot({ outlet: {} as Outlet })];
  await expect(start("express", { imports })).rejects.toThrow("is not what createOutlet() returned");
});
