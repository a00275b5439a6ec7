import type { ItemOf } from "../../../items/item.types.ts";
import type { McpResult } from "../../../mcp/mcp-connector.ts";
import type { RemoteTool } from "../mcp/remote-tools.ts";
import { isJsonObject, type OpenCall } from "./open-call.ts";
import type { NewItem, OpenItem } from "./open-item.ts";

type McpCall = ItemOf<"mcp_call">;

/** A call of a remote tool: the outlet makes it itself, once its arguments are there. */
export interface OpenMcpCall extends OpenCall {
  readonly tool: RemoteTool;
  /** The arguments; `null` when the model was cut off in them. */
  input(): string | null;
  /** Ends it with what the call came to. */
  settle(result: McpResult): McpCall;
}

export interface NewMcpCall extends NewItem {
  readonly tool: RemoteTool;
  /** The request that was agreed to. */
  readonly approvalRequestId?: string;
}

export function openMcpCall({ id, index, emit, tool, approvalRequestId }: NewMcpCall): OpenMcpCall {
  const place = { item_id: id, output_index: index };
  const call = {
    id,
    type: "mcp_call",
    approval_request_id: approvalRequestId ?? null,
    server_label: tool.server,
    name: tool.name,
    error: null,
    output: null,
  } as unknown as Omit<McpCall, "arguments">;
  let text = "";
  let cut = false;
  emit({
    type: "response.output_item.added",
    output_index: index,
    item: { ...call, arguments: "", status: "in_progress" },
  });
  emit({ type: "response.mcp_call.in_progress", ...place });
  return {
    index,
    tool,
    push(delta) {
      text += delta;
      emit({ type: "response.mcp_call_arguments.delta", ...place, delta });
    },
    whole: () => isJsonObject(text),
    close(status) {
      emit({ type: "response.mcp_call_arguments.done", ...place, arguments: text });
      const item: McpCall = { ...call, arguments: text, status: status === "completed" ? "calling" : "incomplete" };
      cut = status === "incomplete";
      if (cut) emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
    input: () => (cut ? null : text),
    settle(result) {
      const failed = "error" in result;
      const item: McpCall = { ...call, arguments: text, status: failed ? "failed" : "completed", ...result };
      emit({ type: failed ? "response.mcp_call.failed" : "response.mcp_call.completed", ...place });
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}

/** A call that somebody has to agree to first. */
export function openApprovalRequest({ id, index, emit, tool }: NewMcpCall): OpenCall {
  const request = { id, type: "mcp_approval_request", server_label: tool.server, name: tool.name } as const;
  let text = "";
  emit({ type: "response.output_item.added", output_index: index, item: { ...request, arguments: "" } });
  return {
    index,
    push(delta) {
      text += delta;
    },
    whole: () => isJsonObject(text),
    close() {
      const item = { ...request, arguments: text };
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}

/** A server that was asked for its tools. */
export function openToolList({ id, index, emit }: NewItem, list: ItemOf<"mcp_list_tools">): OpenItem {
  const place = { item_id: id, output_index: index };
  const item = { ...list, id };
  emit({ type: "response.output_item.added", output_index: index, item: { ...item, tools: [] } });
  emit({ type: "response.mcp_list_tools.in_progress", ...place });
  return {
    index,
    close() {
      emit({ type: "response.mcp_list_tools.completed", ...place });
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}
