import type { AssistantPart, InputPart } from "./content.schema.ts";
import type { InputItem, InputItemOf } from "./input-item.schema.ts";

// Items as the outlet keeps them and gives them out: with an id, and with every field that a reader may count on.

export type ItemStatus = "in_progress" | "completed" | "incomplete";

type WithoutNulls<T> = { [Key in keyof T]: Exclude<T[Key], null> };
type Part = InputPart | AssistantPart;
type CompletePart<P> = P extends { type: "input_image" }
  ? Omit<WithoutNulls<P>, "detail"> & { detail: "low" | "high" | "auto" | "original" }
  : P extends { type: "output_text" }
    ? Required<P>
    : WithoutNulls<P>;
type CompleteParts = CompletePart<Part>[];
type InputParts = CompletePart<InputPart>[];

/** An item of this type, with an id and with what is `Added` to what clients may leave out. */
type Complete<Type extends ItemType, Added = unknown> = Omit<
  WithoutNulls<InputItemOf<Type>>,
  keyof Added | "id" | "type"
> & { id: string; type: Type } & Added;

export interface MessageItem {
  id: string;
  type: "message";
  role: "user" | "assistant" | "system" | "developer";
  status: ItemStatus;
  content: CompleteParts;
  phase?: "commentary" | "final_answer" | null;
}

/** What can be in a conversation: all that clients send but for what only points at an item, or asks for one. */
export type ItemType = Exclude<NonNullable<InputItem["type"]>, "item_reference" | "compaction_trigger">;

export type Item =
  | MessageItem
  | Complete<"function_call", { status: ItemStatus }>
  | Complete<"function_call_output", { status: ItemStatus; output: string | InputParts }>
  | Complete<"custom_tool_call">
  | Complete<"custom_tool_call_output", { output: string | InputParts }>
  | Complete<"reasoning">
  | Complete<"compaction">
  | Complete<"image_generation_call", { result: string | null }>
  | Complete<"code_interpreter_call", Pick<InputItemOf<"code_interpreter_call">, "code" | "outputs">>
  | Complete<"program">
  | Complete<"program_output">
  | Complete<"additional_tools">
  | Complete<"configuration_update">
  | Complete<"file_search_call">
  | Complete<"web_search_call">
  | Complete<"tool_search_call", { call_id: string | null; execution: "server" | "client"; status: ItemStatus }>
  | Complete<"tool_search_output", { call_id: string | null; execution: "server" | "client"; status: ItemStatus }>
  | Complete<"computer_call">
  | Complete<"computer_call_output", { status: ItemStatus }>
  | Complete<"local_shell_call">
  | Complete<"local_shell_call_output">
  | Complete<"shell_call", ShellCall>
  | Complete<"shell_call_output", { status: ItemStatus; max_output_length: number | null }>
  | Complete<"apply_patch_call">
  | Complete<"apply_patch_call_output">
  | Complete<"mcp_list_tools">
  | Complete<"mcp_approval_request">
  | Complete<"mcp_approval_response">
  | Complete<"mcp_call">;

interface ShellCall {
  status: ItemStatus;
  environment: Exclude<InputItemOf<"shell_call">["environment"], undefined>;
  action: { commands: string[]; max_output_length: number | null; timeout_ms: number | null };
}

export type ItemOf<Type extends ItemType> = Extract<Item, { type: Type }>;
