import type { CustomToolCall, FunctionCall } from "../responses.types.ts";
import type { NewItem, OpenItem } from "./open-item.ts";

export interface OpenCall extends OpenItem {
  /** More of its arguments, or of its input. */
  push(delta: string): void;
  /** True when nothing can follow. */
  whole(): boolean;
}

interface NewCall extends NewItem {
  readonly callId: string;
  readonly name: string;
}

export function openFunctionCall({ id, index, emit, callId, name }: NewCall): OpenCall {
  const place = { item_id: id, output_index: index };
  const call = { id, type: "function_call", call_id: callId, name } as const;
  let text = "";
  emit({
    type: "response.output_item.added",
    output_index: index,
    item: { ...call, status: "in_progress", arguments: "" },
  });
  return {
    index,
    push(delta) {
      text += delta;
      emit({ type: "response.function_call_arguments.delta", ...place, delta });
    },
    whole: () => isJsonObject(text),
    close(status) {
      emit({ type: "response.function_call_arguments.done", ...place, name, arguments: text });
      const item: FunctionCall = { ...call, status, arguments: text };
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}

export function openCustomToolCall({ id, index, emit, callId, name }: NewCall): OpenCall {
  const place = { item_id: id, output_index: index };
  const call = { id, type: "custom_tool_call", call_id: callId, name } as const;
  let text = "";
  emit({
    type: "response.output_item.added",
    output_index: index,
    item: { ...call, status: "in_progress", input: "" },
  });
  return {
    index,
    push(delta) {
      text += delta;
      emit({ type: "response.custom_tool_call_input.delta", ...place, delta });
    },
    // Free text: there may always be more.
    whole: () => false,
    close(status) {
      emit({ type: "response.custom_tool_call_input.done", ...place, input: text });
      const item: CustomToolCall = { ...call, status, input: text };
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}

export function isJsonObject(text: string): boolean {
  if (!text.trimEnd().endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
