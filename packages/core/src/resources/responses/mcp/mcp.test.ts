import OpenAI from "openai";
import { expect, it } from "vitest";
import {
  type ChatInput,
  defineModel,
  type McpConnector,
  type McpServer,
  type McpTool,
  McpUnreachable,
} from "../../../index.ts";
import { testOutlet } from "../../../test-support.ts";

type Reply = Parameters<typeof defineModel>[0];

const TOOLS: McpTool[] = [
  { name: "look.up", description: "Looks up.", input_schema: { type: "object" }, annotations: { readOnlyHint: true } },
  { name: "wipe", description: null, input_schema: { type: "object" }, annotations: null },
];

/** A server that answers with what it was called with, and a model that says what the test wants, turn by turn. */
function setting(turns: ((input: ChatInput) => unknown)[], more: Partial<McpConnector> = {}) {
  const servers: McpServer[] = [];
  const called: unknown[] = [];
  let listed = 0;
  let closed = 0;
  const connector: McpConnector = {
    specificationVersion: "v1",
    session(server) {
      servers.push(server);
      return {
        async listTools() {
          listed += 1;
          return TOOLS;
        },
        async callTool(name, input) {
          called.push([name, input]);
          return input.fail ? { error: { type: "http_error", code: 500, message: "down" } } : { output: `${name}!` };
        },
        async close() {
          closed += 1;
        },
      };
    },
    ...more,
  };
  const asked: ChatInput[] = [];
  const model = defineModel({
    chat: ((input: ChatInput) => {
      asked.push(input);
      return (turns[asked.length - 1] ?? (() => "done"))(input);
    }) as Reply & (() => string),
    honours: ["tools", "tool_choice"],
  });
  const { outlet, settled } = testOutlet({ models: { m: model }, mcp: connector });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });
  return { client, asked, servers, called, settled, listed: () => listed, closed: () => closed };
}

const server = {
  type: "mcp",
  server_label: "kit",
  server_url: "https://kit.test/mcp",
  require_approval: "never",
} as const;
const lookUp =
  (input: object = { q: 1 }) =>
  () => [{ tool_call: { name: "look_up", arguments: input } }];
const request = { model: "m", input: "go", tools: [server] } satisfies OpenAI.Responses.ResponseCreateParams;

it("lists the server's tools, calls them, and goes on with what they gave", async () => {
  const { client, asked, called, settled, closed } = setting([lookUp()]);
  const response = await client.responses.create(request);
  expect(called).toEqual([["look.up", { q: 1 }]]);
  expect(response.output_text).toBe("done");
  expect(response.output).toMatchObject([
    { type: "mcp_list_tools", server_label: "kit", tools: [{ name: "look.up" }, { name: "wipe" }] },
    {
      type: "mcp_call",
      server_label: "kit",
      name: "look.up",
      arguments: '{"q":1}',
      output: "look.up!",
      status: "completed",
      error: null,
    },
    { type: "message" },
  ]);
  expect(asked[1]?.messages.slice(1)).toMatchObject([
    { role: "assistant", tool_calls: [{ function: { name: "look_up" } }] },
    { role: "tool", content: "look.up!" },
  ]);
  expect(response.usage?.output_tokens).toBe(settled[0]?.usage?.output_tokens);
  expect(closed()).toBe(1);
});

it("streams the same response, with the events of each step in order", async () => {
  const { client } = setting([lookUp()]);
  const types: string[] = [];
  const stream = client.responses.stream(request as never);
  for await (const event of stream) types.push(event.type);
  expect(types.filter((type) => type.includes("mcp") || type.includes("item"))).toEqual([
    "response.output_item.added",
    "response.mcp_list_tools.in_progress",
    "response.mcp_list_tools.completed",
    "response.output_item.done",
    "response.output_item.added",
    "response.mcp_call.in_progress",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
    "response.mcp_call.completed",
    "response.output_item.done",
    "response.output_item.added",
    "response.output_item.done",
  ]);
  expect((await stream.finalResponse()).output.map(({ type }) => type)).toEqual([
    "mcp_list_tools",
    "mcp_call",
    "message",
  ]);
});

it("asks for approval unless told otherwise, and makes the call that was agreed to", async () => {
  const { client, called, asked, listed } = setting([lookUp()]);
  const tools = [{ ...server, require_approval: undefined as never }];
  const first = await client.responses.create({ ...request, tools });
  const approval = first.output.at(-1) as OpenAI.Responses.ResponseOutputItem.McpApprovalRequest;
  expect(approval).toMatchObject({
    type: "mcp_approval_request",
    server_label: "kit",
    name: "look.up",
    arguments: '{"q":1}',
  });
  expect(called).toEqual([]);
  const answer = { type: "mcp_approval_response", approval_request_id: approval.id, approve: true } as const;
  const second = await client.responses.create({ ...request, tools, previous_response_id: first.id, input: [answer] });
  expect(called).toEqual([["look.up", { q: 1 }]]);
  expect(second.output).toMatchObject([{ type: "mcp_call", approval_request_id: approval.id }, { type: "message" }]);
  expect(listed()).toBe(1);
  expect(asked[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: "look.up!" });
});

it("tells the model of a call that was declined, and makes none", async () => {
  const { client, called, asked } = setting([lookUp()]);
  const tools = [{ ...server, require_approval: "always" as const }];
  const first = await client.responses.create({ ...request, tools });
  const id = first.output.at(-1)?.id as string;
  const answer = { type: "mcp_approval_response", approval_request_id: id, approve: false, reason: "No." } as const;
  await client.responses.create({ ...request, tools, previous_response_id: first.id, input: [answer] });
  expect(called).toEqual([]);
  expect(asked[1]?.messages.at(-1)?.content).toContain("No.");
  const unknown = { ...answer, approval_request_id: "mcpr_none" };
  await expect(client.responses.create({ ...request, tools, input: [unknown] })).rejects.toMatchObject({ status: 400 });
});

it("offers only allowed tools, and asks for approval of those that the filter says", async () => {
  const names = ({ tools }: ChatInput) => tools.map((tool) => (tool.type === "function" ? tool.function.name : ""));
  for (const [allowed_tools, expected] of [
    [["wipe"], ["wipe"]],
    [{ read_only: true }, ["look_up"]],
    [{ tool_names: ["look.up", "wipe"], read_only: false }, ["wipe"]],
  ] as const) {
    const { client, asked } = setting([]);
    await client.responses.create({ ...request, tools: [{ ...server, allowed_tools: allowed_tools as never }] });
    expect(names(asked[0] as ChatInput)).toEqual(expected);
  }
  const wipe = () => [{ tool_call: { name: "wipe", arguments: {} } }];
  for (const [turn, outcome] of [
    [lookUp(), "mcp_call"],
    [wipe, "mcp_approval_request"],
  ] as const) {
    const { client } = setting([turn]);
    const require_approval = { never: { read_only: true } };
    const { output } = await client.responses.create({ ...request, tools: [{ ...server, require_approval }] });
    expect(output[1]?.type).toBe(outcome);
  }
});

it("keeps a client's own function apart from a remote tool of the same name", async () => {
  const own = { type: "function", name: "wipe", parameters: {}, strict: false } as const;
  const { client, asked, called } = setting([
    () => [{ tool_call: { name: "kit_wipe", arguments: {} } }],
    () => [{ tool_call: { name: "wipe", arguments: {} } }],
  ]);
  const { output } = await client.responses.create({ ...request, tools: [own, server] });
  expect(asked[0]?.tools.map((tool) => tool.type === "function" && tool.function.name)).toEqual([
    "wipe",
    "look_up",
    "kit_wipe",
  ]);
  expect(called).toEqual([["wipe", {}]]);
  expect(output.map(({ type }) => type)).toEqual(["mcp_list_tools", "mcp_call", "function_call"]);
});

it("bounds the calls and the turns of a response", async () => {
  const forever = Array.from({ length: 100 }, () => lookUp());
  const limited = setting(forever);
  const { output } = await limited.client.responses.create({ ...request, max_tool_calls: 2 });
  expect(limited.called).toHaveLength(2);
  expect(limited.asked[2]?.request.tool_choice).toBe("none");
  expect(output.map((item) => ("status" in item ? item.status : null))).toEqual([
    null,
    "completed",
    "completed",
    "failed",
  ]);
  const endless = setting(forever);
  await expect(endless.client.responses.create(request)).rejects.toMatchObject({ status: 502 });
  expect(endless.called.length).toBeLessThan(100);
});

it("tells the model of a failed call, and the client of a server that cannot be asked", async () => {
  const failing = setting([lookUp({ fail: true })]);
  const response = await failing.client.responses.create(request);
  expect(response.output[1]).toMatchObject({
    status: "failed",
    error: { type: "http_error", code: 500 },
    output: null,
  });
  const down = setting([], {
    session: () => ({
      listTools: () => Promise.reject(new McpUnreachable("The server answered with HTTP status 401.")),
      callTool: () => Promise.reject(new Error("unreachable")),
      close: async () => {},
    }),
  });
  await expect(down.client.responses.create(request)).rejects.toMatchObject({
    status: 424,
    type: "external_connector_error",
    message: expect.stringContaining("'kit'. The server answered with HTTP status 401."),
  });
});

it("sends a client's secrets to its server, and neither shows nor keeps them", async () => {
  const { client, servers } = setting([]);
  const tools = [{ ...server, authorization: "tok-secret", headers: { "X-Tenant": "t-secret" } }];
  const response = await client.responses.create({ ...request, tools });
  expect(servers[0]?.headers).toEqual({ authorization: "Bearer tok-secret", "x-tenant": "t-secret" });
  const kept = await client.responses.retrieve(response.id);
  expect(JSON.stringify([response, kept])).not.toContain("secret");
  expect(kept.tools[0]).toMatchObject({ type: "mcp", server_label: "kit" });
});

it("refuses by name what it does not do", async () => {
  const { client } = setting([]);
  for (const [tool, param] of [
    [{ ...server, server_url: undefined }, "tools[0].server_url"],
    [{ ...server, server_url: "nowhere" }, "tools[0].server_url"],
    [{ ...server, connector_id: "connector_gmail" }, "tools[0].connector_id"],
    [{ ...server, headers: { Host: "x" } }, "tools[0].headers"],
    [{ ...server, headers: { "X-A": "a\r\nb" } }, "tools[0].headers"],
    [{ ...server, authorization: "a b" }, "tools[0].authorization"],
  ] as const) {
    const attempt = client.responses.create({ ...request, tools: [tool as never] });
    await expect(attempt, param).rejects.toMatchObject({ status: 400, param });
  }
  const twice = client.responses.create({ ...request, tools: [server, server] });
  await expect(twice).rejects.toMatchObject({ status: 400, param: "tools[1].server_label" });
  const { outlet } = testOutlet({ models: { m: defineModel(() => "x") } });
  const without = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });
  await expect(without.responses.create(request)).rejects.toMatchObject({ status: 400, param: "tools[0].type" });
});

it("calls them in the background, too, and tells of it in a stream", async () => {
  const { client, called, closed } = setting([lookUp()]);
  const types: string[] = [];
  for await (const { type } of await client.responses.create({ ...request, background: true, stream: true })) {
    types.push(type);
  }
  expect(called).toEqual([["look.up", { q: 1 }]]);
  expect(types).toEqual(expect.arrayContaining(["response.queued", "response.mcp_call.completed"]));
  expect(types.at(-1)).toBe("response.completed");
  expect(closed()).toBe(1);
});
