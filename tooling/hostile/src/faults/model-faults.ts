import { defineModel, type Engine, type ModelFunctions } from "@outlet/core";

export interface EngineFault {
  name: string;
  engine: () => Engine;
  /** The engine's answer is usable after all. Default: a typed error. */
  answers?: true;
}

type Chat = NonNullable<ModelFunctions["chat"]>;

const circular = new Error("secret /srv/app/node_modules/x at line 5");
circular.cause = circular;

const thrown: readonly (readonly [string, unknown])[] = [
  ["an Error", new Error("secret")],
  ["an Error whose cause is itself", circular],
  ["undefined", undefined],
  ["null", null],
  ["a string", "secret"],
  ["an object without prototype", Object.create(null)],
  ["an object that throws when looked at", hostileObject()],
];

const returned: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a number", 5],
  ["a function", () => "x"],
  ["an empty object", {}],
  ["an object that throws when looked at", hostileObject()],
  ["a list of numbers", [1, 2]],
  ["a part with a number as content", { content: 5 }],
  ["a part with an object as content", { content: { toString: () => "x" } }],
  ["a refusal that is none", { refusal: {} }],
  ["a tool call of nothing", { tool_call: null }],
  ["a tool call without a name", { tool_call: { arguments: {} } }],
  ["a tool call whose arguments are a number", { tool_call: { name: "f", arguments: 5 } }],
  ["JSON of nothing", { json: undefined }],
  ["JSON that is circular", { json: circularObject() }],
  ["JSON with a bigint", { json: 5n }],
  ["usage of nothing", ["x", { usage: null }]],
  ["an unknown finish reason", ["x", { finish_reason: 5 }]],
];

/** What can be wrong with a function that is a model. */
export const modelFaults: readonly EngineFault[] = [
  ...thrown.flatMap(([what, error]) => [
    model(`throws ${what}`, () => {
      throw error;
    }),
    model(`rejects with ${what}`, () => Promise.reject(error)),
    model(`yields, then throws ${what}`, async function* () {
      yield "one";
      throw error;
    }),
  ]),
  ...returned.flatMap(([what, value]) => [
    model(`returns ${what}`, () => value as string),
    ...(Array.isArray(value)
      ? []
      : [
          model(`yields ${what}`, async function* () {
            yield "one";
            yield value as string;
          }),
        ]),
  ]),
  {
    ...model("reports usage that is none", () => [
      "x",
      { usage: { prompt_tokens: "5", completion_tokens: {} } as never },
    ]),
    answers: true,
  },
  {
    ...model("yields twenty thousand letters one by one", async function* () {
      for (let i = 0; i < 20_000; i++) yield "x";
    }),
    answers: true,
  },
];

function model(name: string, chat: Chat): EngineFault {
  return { name: `a function that ${name}`, engine: () => defineModel(chat) };
}

export function hostileObject(): object {
  return new Proxy(
    {},
    {
      get() {
        throw new Error("secret");
      },
      has() {
        throw new Error("secret");
      },
      ownKeys() {
        throw new Error("secret");
      },
    },
  );
}

function circularObject(): object {
  const object: Record<string, unknown> = {};
  object.self = object;
  return object;
}
