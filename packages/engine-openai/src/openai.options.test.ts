import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import { type OpenAIOptions, openai } from "./index.ts";

const apiKey = "sk-test";

describe("options that cannot be", () => {
  test.each<[string, OpenAIOptions, string]>([
    ["a relative URL", { baseURL: "/v1" }, "baseURL must be an absolute URL"],
    ["another protocol", { baseURL: "ftp://host/v1" }, "baseURL must start with https: or http:, not ftp:"],
    ["credentials in the URL", { baseURL: "http://me:secret@host/v1" }, "baseURL must not carry credentials"],
    ["a query in the URL", { baseURL: "http://host/v1?a=b" }, "baseURL must have neither a query nor a fragment"],
    ["no key for OpenAI itself", {}, "apiKey is required for https://api.openai.com"],
    ["an empty key", { apiKey: "" }, "apiKey is empty"],
    ["a key with a line break", { apiKey: "sk-a\r\nx: y" }, "apiKey has characters"],
    ["a key of another type", { apiKey: 1 as never }, "apiKey must be a string or a function"],
    ["a header that frames the message", { apiKey, headers: { "Content-Length": "1" } }, "must not set content-length"],
    ["a header that asks for compression", { apiKey, headers: { "Accept-Encoding": "gzip" } }, "accept-encoding"],
    ["a header with a line break", { apiKey, headers: { "x-a": "b\nc" } }, "header x-a has an invalid value"],
    ["a header name with a space", { apiKey, headers: { "x a": "b" } }, '"x a" is not a header name'],
    ["an organization with a line break", { apiKey, organization: "a\nb" }, "openai-organization has an invalid value"],
    ["no connections", { apiKey, connections: 0 }, "connections must be a whole number from 1"],
    ["a negative time", { apiKey, idleTimeoutMs: -1 }, "idleTimeoutMs must be a whole number from 0"],
    ["a time that timers cannot hold", { apiKey, firstByteTimeoutMs: 2 ** 31 }, "firstByteTimeoutMs must be"],
    ["a fraction of a retry", { apiKey, maxRetries: 1.5 }, "maxRetries must be a whole number from 0"],
    ["no room for a reply", { apiKey, maxReplyBytes: 0 }, "maxReplyBytes must be a whole number from 1"],
    ["Azure without its endpoint", { apiKey, azure: { apiVersion: "2024-10-21" } }, "azure needs a baseURL"],
    ["Azure without a version", { baseURL: "http://h", azure: { apiVersion: "" } }, "azure.apiVersion must be"],
    ["a dispatcher that is none", { apiKey, dispatcher: {} as never }, "dispatcher must be an undici Dispatcher"],
    [
      "a pool's options beside a dispatcher",
      { apiKey, dispatcher: new Agent(), connections: 1 },
      "connections has no effect",
    ],
  ])("%s", (_, options, message) => {
    expect(() => openai(options)).toThrow(TypeError);
    expect(() => openai(options)).toThrow(message);
  });

  test("a key is not shown in the error about it", () => {
    expect(() => openai({ apiKey: "sk-secret\n" })).toThrow(expect.not.stringContaining("sk-secret"));
  });
});

test("a local server needs neither key nor anything else", () => {
  expect(openai({ baseURL: "http://127.0.0.1:11434/v1" }).specificationVersion).toBe("v1");
});

test.each<[string, OpenAIOptions, boolean]>([
  ["OpenAI itself", { apiKey }, true],
  ["Azure's API of the same version", { apiKey, baseURL: "https://me.openai.azure.com/openai/v1/" }, true],
  [
    "Azure's dated versions",
    { apiKey, baseURL: "https://me.openai.azure.com", azure: { apiVersion: "2024-10-21" } },
    false,
  ],
  ["a local server", { baseURL: "http://127.0.0.1:11434/v1" }, false],
  ["one that is said to have them", { baseURL: "http://127.0.0.1:8000/v1", responses: true }, true],
  ["one that is said to have none", { apiKey, responses: false }, false],
])("responses of its own: %s", (_, options, expected) => {
  expect(openai(options).responses).toBe(expected);
});
