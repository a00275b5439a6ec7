import type { ChatPiece } from "../../../chat/chat-pieces.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { newId } from "../../../ids.ts";
import type { ItemOf, ItemType } from "../../../items/item.types.ts";
import type { McpResult } from "../../../mcp/mcp-connector.ts";
import type { ChatDelta, ChatFinishReason, ChatToolCallDelta } from "../../chat/completions/chat-completions.types.ts";
import type { ApprovedCall } from "../mcp/approvals.ts";
import type { RemoteTools } from "../mcp/remote-tools.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { itemIds } from "../responses.ids.ts";
import type { OutputItem, TokenLogprob, UrlCitation } from "../responses.types.ts";
import { type OpenCall, openCustomToolCall, openFunctionCall } from "./open-call.ts";
import { openCompactionItem } from "./open-compaction.ts";
import type { OpenItem } from "./open-item.ts";
import { type OpenMcpCall, openApprovalRequest, openMcpCall, openToolList } from "./open-mcp.ts";
import { type OpenMessage, openMessage } from "./open-message.ts";
import { type OpenReasoning, openReasoning } from "./open-reasoning.ts";

export interface Output {
  /** What a piece of the model's answer adds. */
  add(piece: ChatPiece): void;
  /** Ends what is still open. */
  finish(reason: ChatFinishReason): void;
  /** The events since the last time. */
  take(): Batch<ResponseEvent>;
  /** What stands for everything before it. */
  addCompaction(encryptedContent: string): void;
  /** A remote server's tools, as they were listed. */
  addList(list: ItemOf<"mcp_list_tools">): void;
  /** A call that was agreed to, as the model wanted it. */
  addApproved(call: ApprovedCall): void;
  /** Calls of remote tools that are yet to be made; the outlet settles each. */
  takeCalls(): OpenMcpCall[];
  settle(call: OpenMcpCall, result: McpResult): void;
  /** True when somebody else has to do something before the model can go on. */
  readonly waits: boolean;
  /** The items that have ended, in their order. */
  readonly items: OutputItem[];
}

/** What the client has to answer. */
const WAITED_FOR: ReadonlySet<string> = new Set(["function_call", "custom_tool_call", "mcp_approval_request"]);

/** A call whose name has not arrived yet. */
interface Announced {
  id: string | undefined;
  custom: boolean;
  text: string;
}

/**
 * Makes output items of a chat model's pieces, and the events that tell of them. Thoughts, words and calls follow one
 * another; calls that an engine mixes stay open until it has finished.
 */
export function createOutput(responseId: string, remote: RemoteTools | null): Output {
  const ids = itemIds(responseId);
  const items: OutputItem[] = [];
  const announced = new Map<number, Announced>();
  const calls = new Map<number, OpenCall | "ended">();
  let events: ResponseEvent[] = [];
  let remoteCalls: OpenMcpCall[] = [];
  let waits = false;
  let count = 0;
  let reasoning: OpenReasoning | null = null;
  let message: OpenMessage | null = null;

  const emit = (event: ResponseEvent) => void events.push(event);
  const newItem = (type: ItemType) => ({ id: ids.next(type), index: count++, emit });
  const end = (item: OpenItem, status: "completed" | "incomplete" = "completed") => {
    items[item.index] = item.close(status);
  };
  /** Something else begins: what can be over is over. */
  const turn = () => {
    if (reasoning) end(reasoning);
    if (message) end(message);
    reasoning = null;
    message = null;
    for (const [at, call] of calls) {
      if (call === "ended" || !call.whole()) continue;
      end(call);
      calls.set(at, "ended");
    }
  };
  const thinking = () => {
    if (!reasoning) {
      turn();
      reasoning = openReasoning(newItem("reasoning"));
    }
    return reasoning;
  };
  const speaking = () => {
    if (!message) {
      turn();
      message = openMessage(newItem("message"));
    }
    return message;
  };

  const openRemote = (name: string): OpenCall | undefined => {
    const tool = remote?.byFunction(name);
    if (!tool) return undefined;
    if (tool.needsApproval) return openApprovalRequest({ ...newItem("mcp_approval_request"), tool });
    const call = openMcpCall({ ...newItem("mcp_call"), tool });
    remoteCalls.push(call);
    return call;
  };

  const addCall = ({ index, id, type, function: called, custom }: ChatToolCallDelta) => {
    const text = called?.arguments ?? custom?.input ?? "";
    const name = called?.name ?? custom?.name ?? "";
    let call = calls.get(index);
    if (call === "ended") {
      if (text.trim() !== "") throw engineFailed("The model went on with a tool call that was over.");
      return;
    }
    if (!call) {
      const known = announced.get(index) ?? { id: undefined, custom: false, text: "" };
      known.id ??= id;
      known.custom ||= custom !== undefined || type === "custom";
      if (name === "") {
        announced.set(index, { ...known, text: known.text + text });
        return;
      }
      announced.delete(index);
      turn();
      const callId = known.id ?? newId("call_");
      call = known.custom
        ? openCustomToolCall({ ...newItem("custom_tool_call"), callId, name })
        : (openRemote(name) ?? openFunctionCall({ ...newItem("function_call"), callId, name }));
      calls.set(index, call);
      if (known.text) call.push(known.text);
    }
    if (text) call.push(text);
  };

  return {
    items,
    add({ delta, logprobs }) {
      if (!delta) return;
      const thought = thoughtIn(delta);
      if (thought) thinking().think(thought);
      const said = logprobs?.content?.map(plainLogprob) ?? [];
      if (delta.content || said.length > 0) speaking().say(delta.content ?? "", said);
      for (const citation of citationsIn(delta)) speaking().cite(citation);
      if (delta.refusal) speaking().refuse(delta.refusal);
      for (const call of delta.tool_calls ?? []) addCall(call);
    },
    finish(reason) {
      if (announced.size > 0) throw engineFailed("The model called a tool without naming it.");
      if (count === 0 && reason === "stop") speaking();
      const cut = reason === "length" || reason === "content_filter";
      const open: OpenItem[] = [...calls.values()].filter((call) => call !== "ended");
      if (reasoning) open.push(reasoning);
      if (message) open.push(message);
      open.sort((a, b) => a.index - b.index);
      for (const item of open) end(item, cut && item.index === count - 1 ? "incomplete" : "completed");
      waits = items.some(({ type }) => WAITED_FOR.has(type));
      calls.clear();
      reasoning = null;
      message = null;
    },
    get waits() {
      return waits;
    },
    addCompaction(encryptedContent) {
      end(openCompactionItem({ ...newItem("compaction"), encryptedContent }));
    },
    addList(list) {
      end(openToolList(newItem("mcp_list_tools"), list));
    },
    addApproved({ request, tool }) {
      const call = openMcpCall({ ...newItem("mcp_call"), tool, approvalRequestId: request.id });
      call.push(request.arguments);
      remoteCalls.push(call);
      end(call);
    },
    takeCalls() {
      const taken = remoteCalls.filter((call) => call.input() !== null);
      remoteCalls = [];
      return taken;
    },
    settle(call, result) {
      items[call.index] = call.settle(result);
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
  };
}

/** Thoughts come under either name, where an engine shows them. */
function thoughtIn(delta: ChatDelta & { reasoning_content?: unknown; reasoning?: unknown }): string {
  const { reasoning_content: content, reasoning } = delta;
  if (typeof content === "string") return content;
  return typeof reasoning === "string" ? reasoning : "";
}

/** Of a whole message: what it cites. */
function citationsIn(delta: ChatDelta & { annotations?: unknown }): UrlCitation[] {
  const { annotations } = delta;
  if (!Array.isArray(annotations)) return [];
  return annotations.flatMap((annotation: { url_citation?: Partial<UrlCitation> } | null) => {
    const { start_index, end_index, title, url } = annotation?.url_citation ?? {};
    if (typeof start_index !== "number" || typeof end_index !== "number" || typeof url !== "string") return [];
    return [{ type: "url_citation" as const, start_index, end_index, title: String(title ?? ""), url }];
  });
}

interface ChatLogprob {
  token: string;
  bytes: number[] | null;
  logprob: number;
  top_logprobs?: ChatLogprob[];
}

function plainLogprob({ token, bytes, logprob, top_logprobs = [] }: ChatLogprob): TokenLogprob {
  const top = top_logprobs.map((other) => ({ token: other.token, bytes: other.bytes ?? [], logprob: other.logprob }));
  return { token, bytes: bytes ?? [], logprob, top_logprobs: top };
}
