import { unsupportedContent } from "../../../errors/inputs.ts";
import { PDF } from "../../../inputs/chat-inputs.ts";
import { createMediaCheck } from "../../../inputs/media-check.ts";
import type { Item, MessageItem } from "../../../items/item.types.ts";
import type { ModelCapabilities } from "../../../models/model-entry.ts";
import type { Places } from "./messages.ts";

/** Holds the images and files of user messages and of tools' outputs against what they may be, each by the path that the client knows it by. */
export function checkItemMedia(items: readonly Item[], places: Places, model: string): void {
  const check = createMediaCheck(model, { param: "input" });
  for (const [index, item] of items.entries()) {
    for (const [at, part] of partsOf(item).entries()) {
      const param = paramOf(item, places.path(index), at);
      if (part.type === "input_image" && part.image_url) check.image(part.image_url, `${param}.image_url`);
      else if (part.type === "input_file")
        check.file({ file_data: part.file_data ?? undefined, file_id: part.file_id ?? undefined }, param, PDF);
    }
  }
}

/** Refuses images for a model that does not see, whoever shows them. */
export function refuseUnseenItems(items: readonly Item[], places: Places, { vision }: ModelCapabilities): void {
  if (vision !== false) return;
  for (const [index, item] of items.entries()) {
    for (const [at, part] of partsOf(item).entries()) {
      if (part.type === "input_image") throw unsupportedContent(part.type, paramOf(item, places.path(index), at));
    }
  }
}

function paramOf(item: Item, path: string, at: number): string {
  return `${path}.${item.type === "message" ? "content" : "output"}[${at}]`;
}

function partsOf(item: Item): MessageItem["content"] {
  if (item.type === "message") return item.role === "user" ? item.content : [];
  const isOutput = item.type === "function_call_output" || item.type === "custom_tool_call_output";
  return isOutput && typeof item.output !== "string" ? item.output : [];
}
