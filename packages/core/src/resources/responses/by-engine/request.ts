import type { Receipt } from "../../../call.ts";
import type { EngineResponseRequest } from "../../../engine/engine.ts";
import { withoutTier } from "../../../instances/tier.ts";
import type { InputItem } from "../../../items/input-item.schema.ts";
import type { Item } from "../../../items/item.types.ts";
import { type Draft, isTriggered } from "../responses.draft.ts";
import { othersCompaction, ownContent } from "./origin.ts";

const ENCRYPTED = "reasoning.encrypted_content";

/**
 * What an engine is asked that has Responses of its own. It gets the whole conversation and keeps nothing: what was said and under
 * which ids is the outlet's to know. Thoughts are always asked for in their encrypted form, or the model would not have them again; `own` is
 * what the client asked to be included itself.
 */
export function engineRequest(
  { request, context }: Draft,
  engineModel: string,
  receipt: Pick<Receipt, "instance">,
): { request: EngineResponseRequest; own: Draft["request"]["include"] } {
  const {
    background: _b,
    conversation: _c,
    previous_response_id: _p,
    metadata: _m,
    ...asked
  } = withoutTier(request, receipt);
  const own = asked.include;
  const include: EngineResponseRequest["include"] = own?.includes(ENCRYPTED) ? own : [...(own ?? []), ENCRYPTED];
  const input = engineInput(context, engineModel);
  if (isTriggered(request)) input.push({ type: "compaction_trigger" });
  return { request: { ...asked, model: engineModel, input, include, store: false }, own };
}

/** @throws ApiError 400 for a conversation that only another model can read */
export function engineInput(context: readonly Item[], engineModel: string): InputItem[] {
  return context.flatMap((item) => engineItem(item, engineModel));
}

/** Items that the API wants an id of; approvals name the request that they answer by it. */
const NAMED = new Set<Item["type"]>([
  "code_interpreter_call",
  "computer_call",
  "file_search_call",
  "image_generation_call",
  "local_shell_call",
  "local_shell_call_output",
  "mcp_approval_request",
  "mcp_call",
  "mcp_list_tools",
  "program",
  "program_output",
  "web_search_call",
]);

/** An item without an id that would mean nothing to the engine; none for thoughts that are not its own. */
function engineItem(item: Item, engineModel: string): InputItem[] {
  if (NAMED.has(item.type)) return [item as InputItem];
  const { id: _, ...said } = item;
  if (item.type === "reasoning") {
    const encrypted_content = item.encrypted_content && ownContent(item.encrypted_content, engineModel);
    return encrypted_content ? [{ ...withoutContent(said), encrypted_content } as InputItem] : [];
  }
  if (item.type === "compaction") {
    const encrypted_content = ownContent(item.encrypted_content, engineModel);
    if (encrypted_content === null) {
      throw othersCompaction();
    }
    return [{ ...said, encrypted_content } as InputItem];
  }
  return [said as InputItem];
}

function withoutContent(item: object): object {
  const { content: _, status: _s, ...rest } = item as { content?: unknown; status?: unknown };
  return rest;
}
