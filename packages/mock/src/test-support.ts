import OpenAI from "openai";
import { afterEach } from "vitest";
import type { MockServerOptions } from "./mock.options.ts";
import { createMockServer, type MockServer } from "./server.ts";

const running: MockServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((mock) => mock.close()));
});

/** A listening mock and a client for it; both end with the test. */
export async function start(options?: MockServerOptions): Promise<{ mock: MockServer; client: OpenAI }> {
  const mock = await createMockServer(options);
  running.push(mock);
  return { mock, client: clientFor(mock) };
}

export function clientFor({ url }: MockServer, apiKey = "any"): OpenAI {
  return new OpenAI({ apiKey, baseURL: url, maxRetries: 0 });
}

export const user = (content: string) => ({ role: "user", content }) as const;

/** The text of a chat's answer. */
export async function ask(client: OpenAI, content: string, more: object = {}): Promise<string> {
  const completion = await client.chat.completions.create({ model: "gpt-4o", messages: [user(content)], ...more });
  return (completion as OpenAI.ChatCompletion).choices[0]?.message.content ?? "";
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
