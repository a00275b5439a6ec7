import "reflect-metadata";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { Test } from "@nestjs/testing";
import type { ChatMessage } from "@outlet/core";
import type { MockContext, MockEngine, MockRequest, ReplyStep } from "@outlet/mock";
import { Upstream } from "./api/upstream.ts";
import { AppModule } from "./app.module.ts";
import { AppConfig } from "./config.module.ts";
import { configure } from "./configure.ts";
import { mockTutor } from "./mock-tutor/mock-tutor.ts";
import { Limits } from "./tutor/lessons.service.ts";

/** The whole application, listening, with a mock tutor behind it that tests can steer and look into. */
export interface Speak {
  readonly url: string;
  /** What opens `/v1`, for `ada`. */
  readonly key: string;
  readonly app: NestExpressApplication;
  /** What the tutor replies from now on, in order; it stays at the last. */
  scriptReplies(...replies: ReplyStep[]): void;
  /** What the tutor corrects from now on. */
  scriptCorrections(...replies: ReplyStep[]): void;
  /** The messages that the model was sent, for each reply. */
  prompts(): ChatMessage[][];
  /** Resolves when the model has seen a caller leave mid-reply. */
  readonly abortSeen: Promise<void>;
  close(): Promise<void>;
}

const KEY = "sk-of-the-test";

export async function startSpeak(limits: Partial<Limits> = {}): Promise<Speak> {
  const engine = mockTutor();
  const aborted = Promise.withResolvers<void>();
  const prompts: ChatMessage[][] = [];
  // Seen by every reply before it is passed on to the rules.
  const watch = (request: MockRequest, { signal }: MockContext) => {
    if (!isCorrection(request)) {
      prompts.push(request.messages ?? []);
      signal.addEventListener("abort", () => aborted.resolve());
    }
    return false;
  };
  const script =
    (when: (request: MockRequest) => boolean) =>
    (...reply: ReplyStep[]) => {
      engine.script({ when: { where: when }, reply });
      watchWith(engine, watch);
    };
  watchWith(engine, watch);

  const testing = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(AppConfig)
    .useValue({ port: 0, model: "tutor-1", upstream: null, accounts: [{ name: "ada", key: KEY }] })
    .overrideProvider(Upstream)
    .useValue({ model: "tutor-1", engine, name: "the mock tutor", isMock: true })
    .overrideProvider(Limits)
    .useValue({ ...new Limits(), ...limits })
    .compile();
  const app = configure(testing.createNestApplication<NestExpressApplication>({ logger: false }));
  await app.listen(0, "127.0.0.1");
  return {
    url: await app.getUrl(),
    key: KEY,
    app,
    scriptReplies: script((request) => !isCorrection(request)),
    scriptCorrections: script(isCorrection),
    prompts: () => prompts,
    abortSeen: aborted.promise,
    close: () => app.close(),
  };
}

function isCorrection({ response_format: format }: MockRequest): boolean {
  return format !== undefined;
}

/** A rule in front that answers nothing and sees everything. */
function watchWith(engine: MockEngine, watch: (request: MockRequest, context: MockContext) => boolean): void {
  engine.script({ name: "watch", when: { where: watch }, reply: "" });
}
