import type { InputItem } from "./input-item.schema.ts";
import type { Item, ItemType } from "./item.types.ts";
import { newItemId } from "./item-id.ts";

/** An input item that is one by itself, and not a pointer to another or a command. */
export type SelfContainedItem = Exclude<InputItem, { type?: "item_reference" | "compaction_trigger" | null }>;

export function isSelfContained(item: InputItem): item is SelfContainedItem {
  return item.type === undefined || item.type === null
    ? "role" in item && item.role !== undefined
    : item.type !== "item_reference" && item.type !== "compaction_trigger";
}

const COMPLETED = { status: "completed" };
const BY_THE_SERVER = { ...COMPLETED, call_id: null, execution: "server" };

/** What a field is when the client left it out, where readers may count on it. */
const ABSENT: Readonly<Partial<Record<ItemType, object>>> = {
  message: COMPLETED,
  function_call: COMPLETED,
  function_call_output: COMPLETED,
  image_generation_call: { result: null },
  code_interpreter_call: { code: null, outputs: null },
  tool_search_call: BY_THE_SERVER,
  tool_search_output: BY_THE_SERVER,
  computer_call_output: COMPLETED,
  shell_call: { ...COMPLETED, environment: null },
  shell_call_output: { ...COMPLETED, max_output_length: null },
};

/** The item as it is kept and given out: with an id, texts as parts, and every field that a reader may count on. */
export function completeItem(input: SelfContainedItem): Item {
  const type = input.type ?? "message";
  const item: Record<string, unknown> = { id: newItemId(type), type, ...ABSENT[type], ...withoutNulls(input) };
  if (input.type === undefined || input.type === "message") {
    item.content = messageParts(input.role, input.content);
  } else if (Array.isArray(item.output) && input.type !== "shell_call_output") {
    item.output = item.output.map(completePart);
  } else if (input.type === "shell_call") {
    item.action = { max_output_length: null, timeout_ms: null, ...input.action };
  }
  return item as unknown as Item;
}

type Message = Extract<SelfContainedItem, { role: string; content: unknown }>;

function messageParts(role: Message["role"], content: Message["content"]): object[] {
  const type = role === "assistant" ? "output_text" : "input_text";
  return (typeof content === "string" ? [{ type, text: content }] : content).map(completePart);
}

function completePart(part: { type: string }): object {
  if (part.type === "input_image") return { detail: "auto", ...withoutNulls(part) };
  if (part.type === "output_text") return { annotations: [], logprobs: [], ...part };
  return withoutNulls(part);
}

function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}
