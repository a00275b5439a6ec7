import { invalidEncryptedContent, invalidRequest } from "../../../errors/catalogue.ts";
import type { Item, ItemOf } from "../../../items/item.types.ts";
import type { ChatMessage } from "../../chat/completions/chat-completions.schema.ts";
import { isNoted, othersCompaction } from "../by-engine/origin.ts";
import { approvalRequest } from "../mcp/approvals.ts";
import { assistantContent, systemContent, toolContent, type UserPart, userContent } from "./content.ts";

type AssistantMessage = Extract<ChatMessage, { role: "assistant" }>;
type RemoteCall = Pick<ItemOf<"mcp_call">, "id" | "server_label" | "name" | "arguments">;
type ToolCall = NonNullable<AssistantMessage["tool_calls"]>[number];

/** Where items come from, and what becomes of those that chat has no form for. */
export interface Places {
  /** The path of an item, as the client knows it. */
  path(index: number): string;
  /** True for items that the request itself has. */
  own(index: number): boolean;
  /** Told of an item that is left out, or that the model gets in another form. */
  changed(index: number): void;
}

/**
 * How a former model came to what it said: searches, programs, pictures. When a conversation goes on with a model that chats, what
 * was said stays, and these are left out.
 */
const WORKINGS = new Set<Item["type"]>([
  "additional_tools",
  "code_interpreter_call",
  "configuration_update",
  "file_search_call",
  "image_generation_call",
  "program",
  "program_output",
  "tool_search_call",
  "tool_search_output",
  "web_search_call",
]);

/**
 * The messages that say what the items say. What a model did in one go becomes one message: its words, and the calls that
 * follow them.
 * @throws ApiError 400 that names an item which chat has no form for
 */
export function chatMessages(
  items: readonly Item[],
  instructions: string | null | undefined,
  places: Places,
  functionName: (server: string, tool: string) => string = (_server, tool) => tool,
): ChatMessage[] {
  const messages: ChatMessage[] = instructions ? [{ role: "system", content: instructions }] : [];
  const turn = lastTurn(items);
  let thought = "";

  const pushAssistant = (message: AssistantMessage): AssistantMessage => {
    const whole = thought === "" ? message : { ...message, reasoning_content: thought };
    thought = "";
    messages.push(whole);
    return whole;
  };
  const call = (toolCall: ToolCall) => {
    const last = messages.at(-1);
    const message = last?.role === "assistant" ? last : pushAssistant({ role: "assistant", content: null });
    message.tool_calls = [...(message.tool_calls ?? []), toolCall];
  };

  /** A remote tool's call, as the model made it, and what it got. */
  const remoteCall = ({ id, server_label, name, arguments: input }: RemoteCall, content: string) => {
    call({ id, type: "function", function: { name: functionName(server_label, name), arguments: input } });
    messages.push({ role: "tool", tool_call_id: id, content });
  };

  /** What calls gave besides words: a chat has no place for it in their outputs, so the user shows it after the last one of them. */
  let shown: UserPart[] = [];
  const show = () => {
    if (shown.length > 0) messages.push({ role: "user", content: shown });
    shown = [];
  };

  for (const [index, item] of items.entries()) {
    if (item.type !== "function_call_output" && item.type !== "custom_tool_call_output") show();
    switch (item.type) {
      case "message": {
        const param = `${places.path(index)}.content`;
        const { role, content } = item;
        if (role === "user") messages.push({ role, content: userContent(content, param) });
        else if (role === "assistant") pushAssistant({ role, ...assistantContent(content, param) });
        else messages.push({ role, content: systemContent(content, param) });
        break;
      }
      case "function_call":
        call({ id: item.call_id, type: "function", function: { name: item.name, arguments: item.arguments } });
        break;
      case "custom_tool_call":
        call({ id: item.call_id, type: "custom", custom: { name: item.name, input: item.input } });
        break;
      case "function_call_output":
      case "custom_tool_call_output": {
        const { call_id = "", output } = item;
        const { text, media } = toolContent(output, `${places.path(index)}.output`);
        if (media.length > 0) {
          shown.push({ type: "text", text: `The tool call ${call_id} gave this back:` }, ...media);
          places.changed(index);
        }
        messages.push({ role: "tool", tool_call_id: call_id, content: text || (media.length > 0 ? SEE_BELOW : "") });
        break;
      }
      case "reasoning":
        // A model gets its thoughts back while it is at the same task, as it would from itself.
        if (isForeign(item) && index > turn) places.changed(index);
        if (index > turn) thought += thoughtOf(item);
        break;
      case "mcp_call":
        remoteCall(item, item.error ? JSON.stringify({ error: item.error }) : (item.output ?? ""));
        break;
      case "mcp_approval_response": {
        const request = approvalRequest(items, item.approval_request_id);
        if (request && !item.approve) remoteCall(request, declined(item.reason));
        break;
      }
      case "mcp_approval_request":
      case "mcp_list_tools":
        // The first waits for its answer, the second is what the model is offered.
        break;
      case "compaction":
        throw isNoted(item.encrypted_content) ? othersCompaction() : invalidEncryptedContent(item.encrypted_content);
      default:
        if (places.own(index) || !WORKINGS.has(item.type)) throw unsupportedItem(item.type, places.path(index));
        places.changed(index);
    }
  }
  show();
  return messages;
}

/** A tool's words where it gave none. */
const SEE_BELOW = "(shown in the next message)";

function declined(reason: string | undefined): string {
  return JSON.stringify({ error: "The user did not agree to this call.", ...(reason && { reason }) });
}

/** Where the last word of a user is: what follows it is the turn under way. */
function lastTurn(items: readonly Item[]): number {
  return items.findLastIndex((item) => item.type === "message" && item.role === "user");
}

/**
 * True for thoughts that only the model which had them can read.
 * @throws ApiError 400 for what no model behind this outlet has given
 */
function isForeign({ content, encrypted_content }: ItemOf<"reasoning">): boolean {
  if (content?.length || !encrypted_content) return false;
  if (!isNoted(encrypted_content)) throw invalidEncryptedContent(encrypted_content);
  return true;
}

function thoughtOf({ content = [] }: ItemOf<"reasoning">): string {
  return content.map(({ text }) => text).join("");
}

function unsupportedItem(type: string, param: string) {
  const message = `Input items of type '${type}' are not supported with this model.`;
  return invalidRequest(message, param, "unsupported_value");
}
