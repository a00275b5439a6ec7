import { CHAT, chatBody, refused } from "../kit/ask.ts";
import { functionCall } from "../kit/saying.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createChatCompletion"];
const reference = PAGES.functionCalling;

const tool = (name: string, more: object = {}) => ({ type: "function", function: { name, ...more } });
const HI = { role: "user", content: "Hi" };
const calls = (...ids: string[]) => ({ role: "assistant", tool_calls: ids.map((id) => functionCall("f", {}, id)) });
const result = (tool_call_id: string) => ({ role: "tool", tool_call_id, content: "x" });

/** Conversations whose calls and results do not belong together. */
const ORPHANS: readonly (readonly [messages: object[], param: string, message: RegExp])[] = [
  [
    [HI, result("a")],
    "messages.[1].role",
    /^Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'\.$/,
  ],
  [
    [HI, calls("a"), result("b")],
    "messages.[2].tool_call_id",
    /^Invalid parameter: 'tool_call_id' of 'b' not found in 'tool_calls' of previous message\.$/,
  ],
  [
    [HI, calls("a"), result("a"), result("a")],
    "messages.[3].tool_call_id",
    /^Duplicate value for 'tool_call_id' of 'a' in message\[3\]/,
  ],
  [
    [HI, calls("a", "b", "c"), result("b"), HI],
    "messages.[3].role",
    /^An assistant message with 'tool_calls' must be followed by tool messages .* did not have response messages: a, c$/,
  ],
  [[HI, calls("a")], "messages.[1].role", /did not have response messages: a$/],
  [[HI, calls()], "messages[1].tool_calls", /empty array/],
];

export const chatToolsRefusedRequirements: readonly Requirement[] = [
  {
    id: "chat.tools.orphans",
    title: "A tool's result without its call, or a call without its result, is a 400 that names the message.",
    reference,
    operations,
    async run(context) {
      for (const [messages, param, message] of ORPHANS) {
        await refused(context, { path: CHAT, body: chatBody({ messages }) }, { status: 400, param, message });
      }
    },
  },
  {
    id: "chat.tools.names",
    title: "Tools of one name, and a `tool_choice` of a tool that is not there, are 400s.",
    reference,
    operations,
    async run(context) {
      const twice = chatBody({ tools: [tool("f"), tool("f")] });
      const unique = { status: 400, param: "tools[1].function.name", message: /unique/ };
      await refused(context, { path: CHAT, body: twice }, unique);
      const choices = [
        tool("g"),
        { type: "custom", custom: { name: "g" } },
        { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [tool("f"), tool("g")] } },
      ];
      for (const tool_choice of choices) {
        const body = chatBody({ tools: [tool("f")], tool_choice });
        await refused(context, { path: CHAT, body }, { status: 400, param: "tool_choice", message: /'g' not found/ });
      }
      const functions = [{ name: "f" }];
      const unknown = chatBody({ functions, function_call: { name: "g" } });
      await refused(context, { path: CHAT, body: unknown }, { status: 400, param: "function_call" });
    },
  },
  {
    id: "chat.tools.alone",
    title: "`parallel_tool_calls` without tools, and `function_call` without functions, are 400s that say so.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      for (const [param, value] of [
        ["parallel_tool_calls", true],
        ["function_call", "auto"],
      ] as const) {
        const message = new RegExp(`^Invalid value for '${param}': '${param}' is only allowed when`);
        await refused(context, { path: CHAT, body: chatBody({ [param]: value }) }, { status: 400, param, message });
      }
    },
  },
  {
    id: "chat.tools.strict-schema",
    title: "A strict function whose parameters are outside the documented subset is a 400 that names the path.",
    reference: PAGES.structuredOutputs,
    operations,
    async run(context) {
      const parameters = {
        type: "object",
        properties: { a: { oneOf: [] } },
        required: ["a"],
        additionalProperties: false,
      };
      const tools = [tool("f", { strict: true, parameters })];
      const expected = {
        status: 400,
        param: "tools[0].function.parameters",
        code: "invalid_function_parameters",
        message: /^Invalid schema for function 'f': In context=\('properties', 'a'\), 'oneOf' is not permitted\.$/,
      };
      await refused(context, { path: CHAT, body: chatBody({ tools }) }, expected);
    },
  },
];
