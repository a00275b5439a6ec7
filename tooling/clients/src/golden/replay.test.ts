import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepOnThisMachine, type NetworkGuard, plainEnvironment } from "../network.ts";
import { recordedStream } from "./files.ts";
import { chatStream, readers, responseStream, type Told } from "./readers.ts";
import { type Replay, replay } from "./replay.ts";

const TEXT = 'Olé 🎺, "twice"\n';
const REFUSAL = "I cannot help with that.";
const CALLS = ["Oslo", "Rome"].map((city) => ({ name: "get_weather", arguments: { city } }));
const APOLOGY = /^The server had an error while processing your request/;

let network: NetworkGuard;
let server: Replay | undefined;
beforeEach(() => {
  network = keepOnThisMachine();
  plainEnvironment();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  network.restore();
  expect(network.refused).toEqual([]);
});

async function read<T>(name: string, reader: (baseURL: string) => Promise<T>): Promise<T> {
  server = await replay(recordedStream({ name }));
  return reader(server.baseURL);
}

describe("chat.completions.stream", () => {
  test("makes the completion of a text, usage included", async () => {
    const { choices, usage } = await read("chat-text", chatStream);
    expect(choices).toMatchObject([{ finish_reason: "stop", message: { content: TEXT, refusal: null } }]);
    expect(usage).toMatchObject({
      prompt_tokens: 8,
      completion_tokens: 6,
      total_tokens: 14,
      prompt_tokens_details: { cached_tokens: 2 },
    });
  });

  test("of tool calls", async () => {
    const { choices } = await read("chat-tool-calls", chatStream);
    expect(choices).toMatchObject([
      {
        finish_reason: "tool_calls",
        message: {
          tool_calls: [
            { id: "call_oslo", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } },
            { id: "call_rome", function: { name: "get_weather", arguments: '{"city":"Rome"}' } },
          ],
        },
      },
    ]);
  });

  test("of a refusal", async () => {
    const { choices } = await read("chat-refusal", chatStream);
    expect(choices).toMatchObject([{ finish_reason: "stop", message: { refusal: REFUSAL } }]);
  });

  test("of two choices, which end as they end", async () => {
    const { choices, usage } = await read("chat-two-choices", chatStream);
    expect(choices).toMatchObject([
      { index: 0, finish_reason: "stop", message: { content: "Heads!" } },
      { index: 1, finish_reason: "length", message: { content: "Tails." } },
    ]);
    expect(usage).toMatchObject({ completion_tokens: 4 });
  });

  test("throws at an error, and makes nothing of what came before", async () => {
    await expect(read("chat-error", chatStream)).rejects.toThrow(APOLOGY);
  });
});

describe("responses.stream", () => {
  const final = (name: string) => {
    const events = recordedStream({ name })
      .split("\n")
      .filter((line) => line.startsWith("data: "));
    return JSON.parse(events.at(-1)?.slice("data: ".length) ?? "").response;
  };

  test.each([
    "responses-text",
    "responses-function-calls",
    "responses-reasoning",
    "responses-refusal",
    "responses-incomplete",
  ])("makes of %s the response that its last event has", async (name) => {
    const { status, output, usage, incomplete_details } = await read(name, responseStream);
    const last = final(name);
    expect({ status, usage, incomplete_details }).toEqual({
      status: last.status,
      usage: last.usage,
      incomplete_details: last.incomplete_details,
    });
    expect(output).toMatchObject(last.output);
  });

  test("has the text of it", async () => {
    expect((await read("responses-text", responseStream)).output_text).toBe(TEXT);
  });

  test("has the calls of it", async () => {
    expect((await read("responses-function-calls", responseStream)).output).toMatchObject([
      { type: "function_call", call_id: "call_oslo", name: "get_weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call", call_id: "call_rome", name: "get_weather", arguments: '{"city":"Rome"}' },
    ]);
  });

  test("says of one that was cut why it ended", async () => {
    expect(await read("responses-incomplete", responseStream)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output_text: TEXT,
    });
  });

  test("throws at an error, and makes nothing of what came before", async () => {
    await expect(read("responses-error", responseStream)).rejects.toThrow(APOLOGY);
  });
});

describe.each(["chat", "responses"] as const)("read by other libraries, %s", (api) => {
  describe.each(Object.entries(readers[api]))("%s", (library, reader) => {
    const told = (kind: string) => read(`${api}-${kind}`, reader);
    const expected = (what: Partial<Told>): Told => ({
      text: "",
      calls: [],
      finish: undefined,
      tokens: [0, 0],
      ...what,
    });
    /** The Agents SDK does not tell why a model stopped. */
    const ends = (finish: string) => (library === "AI SDK" ? finish : undefined);

    test("tells a text, usage included", async () => {
      expect(await told("text")).toEqual(expected({ text: TEXT, finish: ends("stop"), tokens: [8, 6] }));
    });

    test("tells calls with their arguments", async () => {
      const calls = await told(api === "chat" ? "tool-calls" : "function-calls");
      expect(calls).toEqual(expected({ calls: CALLS, finish: ends("tool-calls"), tokens: [20, 14] }));
    });

    test("tells a refusal, each in its own way", async () => {
      if (library === "AI SDK") {
        const refused = expected({ text: REFUSAL, finish: "content-filter", tokens: [9, 6] });
        expect(await told("refusal")).toEqual(refused);
      } else await expect(told("refusal")).rejects.toThrow(REFUSAL);
    });

    test("throws at an error", async () => {
      await expect(told("error")).rejects.toThrow(APOLOGY);
    });

    if (api === "chat") return;

    test("tells a text after thoughts", async () => {
      expect(await told("reasoning")).toEqual(expected({ text: TEXT, finish: ends("stop"), tokens: [8, 16] }));
    });

    test("takes no answer that was cut for a whole one", async () => {
      if (library === "AI SDK") {
        expect(await told("incomplete")).toEqual(expected({ text: TEXT, finish: "length", tokens: [8, 16] }));
      } else await expect(told("incomplete")).rejects.toThrow("response.incomplete");
    });
  });
});
