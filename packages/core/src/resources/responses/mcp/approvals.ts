import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Item, ItemOf } from "../../../items/item.types.ts";
import type { RemoteTool, RemoteTools } from "./remote-tools.ts";

export interface ApprovedCall {
  readonly request: ItemOf<"mcp_approval_request">;
  readonly tool: RemoteTool;
}

/**
 * Calls that this request's input agrees to, and that have not been made yet.
 * @throws ApiError 400 for an answer to nothing, and for a tool that the request does not bring
 */
export function approvedCalls(
  input: readonly Item[],
  context: readonly Item[],
  remote: RemoteTools | null,
): ApprovedCall[] {
  return input.flatMap((item) => {
    if (item.type !== "mcp_approval_response") return [];
    const request = approvalRequest(context, item.approval_request_id);
    if (!request) {
      const message = `No approval request found with id '${item.approval_request_id.slice(0, 256)}'.`;
      throw invalidRequest(message, "input", "invalid_value");
    }
    const made = context.some((one) => one.type === "mcp_call" && one.approval_request_id === request.id);
    if (!item.approve || made) return [];
    const tool = remote?.byName(request.server_label, request.name);
    if (!tool) {
      const message = `The approved tool '${request.name.slice(0, 256)}' is not among the tools of this request.`;
      throw invalidRequest(message, "tools", "invalid_value");
    }
    return [{ request, tool }];
  });
}

export function approvalRequest(context: readonly Item[], id: string): ItemOf<"mcp_approval_request"> | undefined {
  return context.find((item) => item.type === "mcp_approval_request" && item.id === id) as
    | ItemOf<"mcp_approval_request">
    | undefined;
}
