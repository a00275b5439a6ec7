import type { Engine } from "@outlet/core";
import { type EngineFault, hostileObject } from "./model-faults.ts";

type Chat = NonNullable<Engine["chat"]>;

const message = (more: object) => ({
  choices: [{ index: 0, message: { role: "assistant", content: "x", ...more }, finish_reason: "stop" }],
});
const chunk = (delta: unknown, finish_reason: unknown = null) => ({ choices: [{ index: 0, delta, finish_reason }] });

const wholes: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a number", 5],
  ["a string", "x"],
  ["an empty object", {}],
  ["no choice", { choices: [] }],
  ["choices that are no list", { choices: "x" }],
  ["a choice that is null", { choices: [null] }],
  ["a choice without a message", { choices: [{ finish_reason: "stop" }] }],
  ["a message that is a string", { choices: [{ message: "x", finish_reason: "stop" }] }],
  ["content that is a number", message({ content: 5 })],
  ["content that is a list", message({ content: ["x"] })],
  ["tool calls that are no list", message({ tool_calls: "x" })],
  ["a tool call that is null", message({ tool_calls: [null] })],
  ["an error in place of an answer", { error: { message: "x", type: "server_error" } }],
  ["an object that throws when looked at", hostileObject()],
];

const chunks: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a string", "x"],
  ["no choices", {}],
  ["choices that are no list", { choices: 5 }],
  ["choices that are a string", { choices: "x" }],
  ["a choice that is null", { choices: [null] }],
  ["content that is a number", chunk({ content: 5 })],
  ["content that is an object", chunk({ content: {} })],
  ["a delta that is a string", chunk("x")],
  ["tool calls that are no list", chunk({ tool_calls: 5 })],
  ["a tool call that is null", chunk({ tool_calls: [null] })],
  ["a tool call without an index", chunk({ tool_calls: [{ function: { name: "f" } }] })],
  ["a tool call at index 4 billion", chunk({ tool_calls: [{ index: 4_000_000_000, function: { name: "f" } }] })],
  ["a tool call at a negative index", chunk({ tool_calls: [{ index: -1, function: { name: "f" } }] })],
  ["a finish reason that is a number", chunk({}, 5)],
  ["an object that throws when looked at", hostileObject()],
];

/** What can be wrong with an engine that is an object of its own. */
export const engineFaults: readonly EngineFault[] = [
  ...wholes.flatMap(([what, value]) => [
    engine(`answers ${what}`, () => value as never),
    engine(`promises ${what}`, () => Promise.resolve(value) as never),
  ]),
  ...chunks.map(([what, value]) =>
    engine(`yields ${what}`, async function* () {
      yield chunk({ content: "one" }) as never;
      yield value as never;
      yield chunk({}, "stop") as never;
    }),
  ),
  engine("ends without saying why", async function* () {
    yield chunk({ content: "one" }) as never;
  }),
  engine("ends at once", async function* () {}),
  engine("has an iterator that is none", () => ({ [Symbol.asyncIterator]: () => null }) as never),
  engine("has steps that are none", () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) }) as never),
  engine(
    "throws in a step",
    () =>
      ({
        [Symbol.asyncIterator]: () => ({
          next() {
            throw new Error("secret");
          },
          return() {
            throw new Error("secret");
          },
        }),
      }) as never,
  ),
  engine(
    "fails, and then fails to stop",
    () =>
      ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: false, value: { choices: 5 } }),
          return: () => undefined,
        }),
      }) as never,
  ),
  engine("throws an error with a status that is none", () => {
    throw Object.assign(new Error("secret"), { name: "ApiError", status: 9000 });
  }),
];

function engine(name: string, chat: Chat): EngineFault {
  return { name: `an engine that ${name}`, engine: () => ({ specificationVersion: "v1", chat }) };
}
