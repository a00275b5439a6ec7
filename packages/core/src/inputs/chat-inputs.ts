import { unsupportedContent } from "../errors/inputs.ts";
import type { ModelCapabilities } from "../models/model-entry.ts";
import type { FetchImage } from "../remote/fetch-image.ts";
import type { ChatMessage } from "../resources/chat/completions/chat-completions.schema.ts";
import { imagesAsData } from "./image-bytes.ts";
import { createMediaCheck, type FileRule } from "./media-check.ts";
import { originOf } from "./origin.ts";

type UserParts = Extract<Extract<ChatMessage, { role: "user" }>["content"], readonly unknown[]>;
type UserPart = UserParts[number];

/** The files that models read. */
export const PDF: FileRule = {
  type: { name: "an application/pdf MIME type", example: "data:application/pdf;base64,SGVsbG8sIFdvcmxkIQ==" },
  takes: (mediaType) => mediaType === "application/pdf",
};

/** A part that is more than text, and where it stands. */
interface MediaPart {
  readonly part: UserPart;
  readonly param: string;
}

const NONE: readonly MediaPart[] = [];

/** The parts of user messages that are more than text. Text alone costs a look at each message. */
export function mediaParts(messages: readonly ChatMessage[]): readonly MediaPart[] {
  let found: MediaPart[] | undefined;
  for (const [m, { content, role }] of messages.entries()) {
    if (role !== "user" || typeof content === "string") continue;
    for (const [p, part] of content.entries()) {
      if (part.type === "text") continue;
      found ??= [];
      found.push({ part, param: `messages[${m}].content[${p}]` });
    }
  }
  return found ?? NONE;
}

/** Refuses images for a model that does not see. */
export function refuseUnseen(messages: readonly ChatMessage[], { vision }: ModelCapabilities): void {
  if (vision !== false) return;
  for (const { part, param } of mediaParts(messages)) {
    if (part.type === "image_url") throw unsupportedContent(part.type, param);
  }
}

/** Holds images, audio and files against what they may be. */
export function checkChatInputs(messages: readonly ChatMessage[], model: string): void {
  const parts = mediaParts(messages);
  if (parts.length === 0) return;
  const check = createMediaCheck(model, { param: "messages" });
  for (const { part, param } of parts) {
    if (part.type === "image_url") check.image(part.image_url.url, `${param}.image_url.url`);
    else if (part.type === "input_audio") check.audio(part.input_audio.data, `${param}.input_audio.data`);
    else if (part.type === "file") check.file(part.file, `${param}.file`, PDF);
  }
}

function urlParam(part: UserPart, param: string): string {
  const origin = originOf(part);
  return origin ? `${origin.param}.image_url` : `${param}.image_url.url`;
}

/** The same messages with every image in a `data:` URL: for an engine that cannot go and get one. */
export async function withImageData(
  messages: ChatMessage[],
  fetchImage: FetchImage,
  signal: AbortSignal,
): Promise<ChatMessage[]> {
  const sources = mediaParts(messages).flatMap(({ part, param }) =>
    part.type === "image_url" ? [{ url: part.image_url.url, param: urlParam(part, param) }] : [],
  );
  if (sources.length === 0) return messages;
  const data = await imagesAsData(sources, fetchImage, signal);
  const inData = (part: UserPart): UserPart =>
    part.type === "image_url"
      ? { ...part, image_url: { ...part.image_url, url: data.get(part.image_url.url) ?? part.image_url.url } }
      : part;
  return messages.map((message) =>
    message.role === "user" && typeof message.content !== "string"
      ? { ...message, content: message.content.map(inData) }
      : message,
  );
}
