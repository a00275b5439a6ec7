import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { MCP_DOWN, MCP_SERVER } from "../kit/mcp-connector.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Tool = OpenAI.Responses.Tool.Mcp;

const server: Tool = { type: "mcp", server_label: "kit", server_url: MCP_SERVER, require_approval: "never" };
const reference = PAGES.mcp;
const operations = ["createResponse"];

/** A model that calls a tool once, and says what it got. */
function calling({ engines }: RequirementContext, name: string, input: object): void {
  engines.play({
    chat: ({ messages }) => {
      const last = messages.at(-1);
      if (last?.role === "tool") return `It said: ${last.content}`;
      return [{ tool_call: { name, arguments: input } }];
    },
  });
}

function respond({ client }: RequirementContext, tool: Tool, more: object = {}): Promise<OpenAI.Responses.Response> {
  return client.responses.create({ model: MODELS.chat, input: "Go.", tools: [tool], ...more });
}

/** Requirements on the tools of remote servers, which the outlet calls itself. */
export const responsesMcpRequirements: readonly Requirement[] = [
  {
    id: "responses.mcp.call",
    title: "A remote server's tools are listed and called, and the model goes on with what they gave.",
    reference,
    operations,
    async run(context) {
      calling(context, "echo", { text: "hello" });
      const { output, output_text, status } = await respond(context, server);
      assert.equal(status, "completed");
      assert.equal(output_text, "It said: hello");
      const [list, call, message] = output;
      assert.ok(list?.type === "mcp_list_tools" && call?.type === "mcp_call" && message?.type === "message");
      assert.deepEqual(
        list.tools.map(({ name }) => name),
        ["echo", "whoami", "break"],
      );
      const { id, arguments: input, ...rest } = call;
      assert.match(id, /^mcp_\w+$/);
      assert.deepEqual(JSON.parse(input), { text: "hello" });
      const said = { server_label: "kit", name: "echo", output: "hello", error: null, approval_request_id: null };
      assert.deepEqual(rest, { type: "mcp_call", status: "completed", ...said });
    },
  },
  {
    id: "responses.mcp.stream",
    title: "A stream tells of the listing and of each call, from its arguments to its end.",
    reference: PAGES.responsesStreaming,
    operations,
    async run(context) {
      calling(context, "echo", { text: "hello" });
      const body = responseBody({ tools: [server], stream: true });
      const events = await readNamedEvents<{ type: string; sequence_number: number }>(context.http, {
        path: RESPONSES,
        body,
      });
      assert.deepEqual(
        events.map(({ sequence_number }) => sequence_number),
        [...events.keys()],
      );
      const types = events.map(({ type }) => type.replace("response.", "")).filter((type) => type.startsWith("mcp"));
      assert.deepEqual(types, [
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "mcp_call.in_progress",
        "mcp_call_arguments.delta",
        "mcp_call_arguments.done",
        "mcp_call.completed",
      ]);
    },
  },
  {
    id: "responses.mcp.background",
    title: "Remote tools are called in the background, too, and its stream tells of it.",
    reference: PAGES.background,
    operations,
    async run(context) {
      calling(context, "echo", { text: "hello" });
      const body = responseBody({ tools: [server], background: true, stream: true });
      const events = await readNamedEvents<OpenAI.Responses.ResponseStreamEvent>(context.http, {
        path: RESPONSES,
        body,
      });
      const types = events.map(({ type }) => type);
      for (const type of ["response.mcp_list_tools.completed", "response.mcp_call.completed"] as const)
        assert.ok(types.includes(type), `no ${type}`);
      const last = events.at(-1);
      assert.ok(last?.type === "response.completed");
      const { output_text, output } = await context.client.responses.retrieve(last.response.id);
      assert.equal(output_text, "It said: hello");
      assert.deepEqual(output, last.response.output);
    },
  },
  {
    id: "responses.mcp.approval",
    title: "Unless the request says otherwise a call waits for approval; approved it is made, declined it is not.",
    reference,
    operations,
    async run(context) {
      const { require_approval: _, ...careful } = server;
      for (const approve of [true, false]) {
        calling(context, "echo", { text: "hello" });
        const first = await respond(context, careful);
        const request = first.output.at(-1);
        assert.ok(request?.type === "mcp_approval_request", `the last item is a ${request?.type}`);
        const { id, name, server_label } = request;
        assert.deepEqual([name, server_label, JSON.parse(request.arguments)], ["echo", "kit", { text: "hello" }]);
        const input = [{ type: "mcp_approval_response", approval_request_id: id, approve }];
        const second = await respond(context, careful, { input, previous_response_id: first.id });
        const calls = second.output.filter(({ type }) => type === "mcp_call");
        assert.deepEqual(
          calls.map((call) => "approval_request_id" in call && call.approval_request_id),
          approve ? [id] : [],
        );
        if (approve) assert.equal(second.output_text, "It said: hello");
        else assert.match(second.output_text, /did not agree/);
      }
    },
  },
  {
    id: "responses.mcp.failed",
    title: "A tool's failure is in its call and is told to the model; a server that cannot be asked is a 424.",
    reference,
    operations,
    async run(context) {
      calling(context, "break", {});
      const { output } = await respond(context, server);
      const call = output[1];
      assert.ok(call?.type === "mcp_call");
      assert.deepEqual([call.status, call.output], ["failed", null]);
      assert.deepEqual((call.error as { type?: string } | null)?.type, "mcp_tool_execution_error");
      const down = { ...server, server_url: MCP_DOWN };
      assertError(await context.http.send({ path: RESPONSES, body: responseBody({ tools: [down] }) }), {
        status: 424,
        type: "external_connector_error",
        message: /'kit'.*503/,
      });
    },
  },
  {
    id: "responses.mcp.secrets",
    title: "A client's token goes to its server, and is neither shown nor kept.",
    reference,
    operations,
    async run(context) {
      calling(context, "whoami", {});
      const { http } = context;
      const tools = [{ ...server, authorization: "kit-token", headers: { "x-kit": "kit-secret" } }];
      const created = await http.send({ path: RESPONSES, body: responseBody({ tools }) });
      const { id, output, tools: shown } = created.json() as OpenAI.Responses.Response;
      assert.ok(output[1]?.type === "mcp_call");
      assert.equal(output[1].output, "Bearer kit-token");
      for (const tool of [shown, (await context.client.responses.retrieve(id)).tools]) {
        assert.ok(!/kit-token|kit-secret/.test(JSON.stringify(tool)), "the reply shows a secret");
      }
    },
  },
  {
    id: "responses.mcp.refused",
    title: "A server without a URL, one named twice, and headers of the connection's own are 400s that name them.",
    reference,
    operations,
    async run(context) {
      for (const [tools, param] of [
        [[{ ...server, server_url: undefined }], "tools[0].server_url"],
        [[server, server], "tools[1].server_label"],
        [[{ ...server, headers: { host: "elsewhere" } }], "tools[0].headers"],
        [[{ ...server, connector_id: "connector_gmail" }], "tools[0].connector_id"],
      ] as const) {
        await refused(context, { path: RESPONSES, body: responseBody({ tools }) }, { status: 400, param });
      }
    },
  },
];
