import type { Call } from "../../../call.ts";
import { arrangeChat } from "../../../chat/arrange-chat.ts";
import { assertChatFits } from "../../../chat/chat-fits.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { compactThreshold } from "../compaction/automatic.ts";
import { remoteServers } from "../mcp/remote-servers.ts";
import { type Draft, isTriggered, placesOf } from "../responses.draft.ts";
import { checkItemMedia } from "./check-media.ts";
import { silentChat } from "./silent-chat.ts";
import { inTerms } from "./terms.ts";

/**
 * Refuses what a chat model cannot be asked, before anybody is asked: work in the background could only fail of it later.
 * @throws ApiError 400, as asking would
 */
export function refuseUnaskable(
  { operation, services }: Pick<Call, "operation" | "services">,
  target: ResolvedModel,
  draft: Draft,
): void {
  const { request, context } = draft;
  remoteServers({ services }, request);
  // A summary is asked with parameters of its own.
  if (isTriggered(request)) return;
  const { tool_choice, max_output_tokens: maxOutputTokens } = request;
  // Which tools a server has is known when it is asked.
  const toolChoice = typeof tool_choice === "object" && tool_choice?.type === "mcp" ? undefined : tool_choice;
  const chat = silentChat(draft, context, { remote: null, toolChoice, maxOutputTokens });
  if (!target.engine.forward) checkItemMedia(context, placesOf(draft, new Set()), request.model);
  const mayShrink = request.truncation === "auto" || compactThreshold(request, target) !== null;
  try {
    if (!mayShrink) assertChatFits({ services }, target, chat);
    arrangeChat(chat, target, { operation, receipt: { emulated: new Set() } });
  } catch (error) {
    throw inTerms(error);
  }
}
