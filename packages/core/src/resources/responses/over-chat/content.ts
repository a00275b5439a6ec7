import { invalidRequest } from "../../../errors/catalogue.ts";
import { madeFrom } from "../../../inputs/origin.ts";
import type { ItemOf, MessageItem } from "../../../items/item.types.ts";
import type { ChatMessage } from "../../chat/completions/chat-completions.schema.ts";

type Said<Role extends ChatMessage["role"]> = Extract<ChatMessage, { role: Role }>;
export type UserPart = Exclude<Said<"user">["content"], string>[number];
type Part = MessageItem["content"][number];

/** One text is sent as a plain one, which every model's template knows. */
export function userContent(content: readonly Part[], param: string): Said<"user">["content"] {
  const [only] = content;
  if (content.length === 1 && only?.type === "input_text") return only.text;
  return content.map((part, index) => userPart(part, `${param}[${index}]`));
}

function userPart(part: Part, param: string): UserPart {
  switch (part.type) {
    case "input_text":
      return { type: "text", text: part.text };
    case "input_image": {
      const { image_url, file_id, detail } = part;
      if (!image_url) throw file_id ? unsupported(`${param}.file_id`) : missing(`${param}.image_url`);
      return madeFrom({ type: "image_url", image_url: { url: image_url, detail } }, { param, type: part.type });
    }
    case "input_file": {
      const { file_data, file_id, file_url, filename } = part;
      if (file_url) throw unsupported(`${param}.file_url`);
      if (!file_data && !file_id) throw missing(`${param}.file_data`);
      const file = { ...(file_data && { file_data }), ...(file_id && { file_id }), ...(filename && { filename }) };
      return madeFrom({ type: "file", file }, { param, type: part.type });
    }
    default:
      throw unsupported(`${param}.type`);
  }
}

export function systemContent(content: readonly Part[], param: string): string {
  return textOf(content, param);
}

/** Words as one text, as a chat model said them; a refusal apart. */
export function assistantContent(
  content: readonly Part[],
  param: string,
): Pick<Said<"assistant">, "content" | "refusal"> {
  let text = "";
  let refusal = "";
  for (const [index, part] of content.entries()) {
    if (part.type === "output_text" || part.type === "input_text") text += part.text;
    else if (part.type === "refusal") refusal += part.refusal;
    else throw unsupported(`${param}[${index}].type`);
  }
  return refusal === "" ? { content: text } : { content: text === "" ? null : text, refusal };
}

/** A tool's words, and apart from them the images and files that it gave. */
export function toolContent(
  output: ItemOf<"function_call_output">["output"],
  param: string,
): { text: string; media: UserPart[] } {
  if (typeof output === "string") return { text: output, media: [] };
  const texts: string[] = [];
  const media: UserPart[] = [];
  for (const [index, part] of output.entries()) {
    const given = userPart(part, `${param}[${index}]`);
    if (given.type === "text") texts.push(given.text);
    else media.push(given);
  }
  return { text: texts.join("\n"), media };
}

function textOf(parts: readonly Part[], param: string): string {
  return parts
    .map((part, index) => {
      if (part.type !== "input_text") throw unsupported(`${param}[${index}].type`);
      return part.text;
    })
    .join("\n");
}

function missing(param: string) {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");
}

function unsupported(param: string) {
  return invalidRequest(`Unsupported value: '${param}' is not supported with this model.`, param, "unsupported_value");
}
