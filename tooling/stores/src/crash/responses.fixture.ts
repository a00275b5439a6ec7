import { ApiError, createOutlet, type Engine } from "@outlet/core";
import { openStore, type Place } from "../databases.ts";
import { noneLeft } from "./none-left.ts";
import { argumentsOf, printing } from "./program.ts";

// An outlet that makes the responses that are in the store, until there is none left, and says what it settles.

const [place, lastLine] = argumentsOf<[Place, number | null]>();
const store = await openStore(place);

const say = printing(lastLine);

/** Of a stream, every word says which process says it: two answers could not be taken for one. */
const answerTo = (question: string, stream: boolean) =>
  stream ? Array.from({ length: 12 }, (_, i) => `${process.pid}.${i} `) : ["This was ", question];

/** Says what it was asked, after a while; a question that is to fail is refused. */
const engine: Engine = {
  specificationVersion: "v1",
  async *chat({ messages, model, stream }, { signal }) {
    const question = String(messages.at(-1)?.content);
    const [number, fails] = question.split(" ");
    say(`asked ${number}`);
    for (const content of answerTo(question, stream === true)) {
      await new Promise((resolve) => setTimeout(resolve, 5 * (Number(number) % 7)));
      signal.throwIfAborted();
      const choices = [{ index: 0, delta: { content }, finish_reason: null }];
      if (stream) say(`told ${number} ${content}`);
      yield { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices };
    }
    if (fails) throw new ApiError({ status: 400, type: "invalid_request_error", message: "As it should." });
    const choices = [{ index: 0, delta: {}, finish_reason: "stop" as const }];
    yield { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, choices };
  },
};

const outlet = createOutlet({
  models: { m: engine },
  access: "open",
  store,
  logger: { error: () => {}, warn: () => {} },
  jobs: { pollMs: 50, leaseMs: 1_500, retryMs: 10, concurrency: 8 },
  onSettle: ({ outcome }) => say(`settled ${outcome}`),
});

await noneLeft(store, "job.response", "caller:/anyone");
await outlet.close();
process.exit();
