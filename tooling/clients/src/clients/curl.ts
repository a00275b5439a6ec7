import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ChatCompletion, ChatCompletionChunk, EmbeddingList } from "@outlet/core";
import { type Api, type Client, scenarios } from "../client.types.ts";

/** Nothing from `~/.curlrc`, no proxy, no progress bar; pieces as they arrive, a failure on an error status. */
const OPTIONS = ["-q", "--noproxy", "*", "-sS", "-N", "--fail-with-body", "-w", "%{stderr}status %{http_code}"];

/** A continuous integration has to have curl; without it, the tests fail there. */
const missing = spawnSync("curl", ["--version"]).status !== 0 && !process.env.CI;

class CurlFailed extends Error {
  readonly status: number | undefined;

  /** From the body that curl printed. */
  constructor(body: string, status?: number) {
    super((JSON.parse(body) as { error: { message: string } }).error.message);
    this.status = status;
  }
}

export const curl: Client = {
  name: "curl",
  lacks: {
    ...(missing && Object.fromEntries(scenarios.map((scenario) => [scenario, "there is no curl on this machine."]))),
    "calls a tool while it streams": "a shell does not put the pieces of a call together.",
  },
  async chat(api, prompt, settings = {}) {
    const { choices, usage } = await post<ChatCompletion>(api, "/chat/completions", {
      model: api.model,
      messages: [{ role: "user", content: prompt }],
      ...settings,
    });
    return { text: choices[0]?.message.content ?? "", tokens: tokensOf(usage) };
  },
  async stream(api, prompt) {
    const pieces: string[] = [];
    let tokens = null;
    for await (const data of events(api, prompt, { stream_options: { include_usage: true } })) {
      if (data === "[DONE]") return { pieces, tokens };
      const chunk = JSON.parse(data) as ChatCompletionChunk;
      if ("error" in chunk) throw new CurlFailed(data);
      const piece = chunk.choices[0]?.delta.content;
      if (piece) pieces.push(piece);
      tokens ??= tokensOf(chunk.usage);
    }
    throw new Error("the stream ended without [DONE]");
  },
  async callTool(api, prompt, getWeather) {
    const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
    const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
    const messages: object[] = [{ role: "user", content: prompt }];
    for (;;) {
      const body = { model: api.model, messages, tools };
      const message = (await post<ChatCompletion>(api, "/chat/completions", body)).choices[0]?.message;
      if (!message?.tool_calls) return message?.content ?? "";
      messages.push(message);
      for (const call of message.tool_calls) {
        if (call.type !== "function") throw new Error("not a function");
        const { city } = JSON.parse(call.function.arguments) as { city: string };
        messages.push({ role: "tool", tool_call_id: call.id, content: getWeather(city) });
      }
    }
  },
  async embed(api, input, dimensions) {
    const body = { model: api.embeddingModel, input, dimensions };
    return (await post<EmbeddingList>(api, "/embeddings", body)).data.map(({ embedding }) => embedding as number[]);
  },
  async leave(api, prompt) {
    for await (const data of events(api, prompt)) if (JSON.parse(data).choices[0]?.delta.content) return;
  },
  failure(error) {
    if (!(error instanceof CurlFailed)) throw error;
    return { status: error.status, message: error.message };
  },
};

async function post<Reply>(api: Api, path: string, body: object): Promise<Reply> {
  const output = await Array.fromAsync(run(api, path, body));
  return JSON.parse(output.join("")) as Reply;
}

/** The data of the stream's events; curl ends when the reader does. */
async function* events(api: Api, prompt: string, more: object = {}): AsyncGenerator<string> {
  const body = { model: api.model, messages: [{ role: "user", content: prompt }], stream: true, ...more };
  let rest = "";
  for await (const output of run(api, "/chat/completions", body)) {
    const blocks = (rest + output).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield block.replace(/^data: /, "");
  }
}

/** What curl prints, as it prints it. @throws CurlFailed on an error status */
async function* run({ baseURL, apiKey }: Api, path: string, body: object): AsyncGenerator<string> {
  const headers = [`authorization: Bearer ${apiKey}`, "content-type: application/json"].flatMap((one) => ["-H", one]);
  const child = spawn("curl", [...OPTIONS, ...headers, "-d", "@-", baseURL + path]);
  const exited = once(child, "close");
  child.stdin.end(JSON.stringify(body));
  child.stdout.setEncoding("utf8");
  const said = text(child.stderr);
  let output = "";
  try {
    for await (const piece of child.stdout) {
      output += piece;
      yield piece;
    }
  } finally {
    child.kill();
    await exited;
  }
  const status = Number(/status (\d+)/.exec(await said)?.[1]);
  if (child.exitCode === 22) throw new CurlFailed(output, status);
  if (child.exitCode !== 0) throw new Error(await said);
}

function tokensOf(usage: ChatCompletion["usage"] | null) {
  return usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : null;
}
