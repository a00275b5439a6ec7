import type { Reply, ReplyFields, ScriptedOperation } from "./rule.types.ts";

const TEXT = ["text", "json"] as const;
const CHAT_ONLY = ["refusal", "toolCalls", "message"] as const;
const UNSUITED: Readonly<Record<ScriptedOperation, readonly (keyof ReplyFields)[]>> = {
  createChatCompletion: ["embedding", "moderation"],
  createCompletion: ["embedding", "moderation", ...CHAT_ONLY],
  createEmbedding: ["moderation", ...TEXT, ...CHAT_ONLY],
  createModeration: ["embedding", ...TEXT, ...CHAT_ONLY],
};

/** Why a reply is no answer to an operation; `null` when it is: nobody means a text to answer embeddings. */
export function unsuited(reply: Reply, operation: ScriptedOperation): string | null {
  const fields: ReplyFields = typeof reply === "string" ? { text: reply } : reply;
  const field = UNSUITED[operation].find((name) => fields[name] !== undefined);
  return field ? `its reply has ${field}, which does not answer ${operation}` : null;
}
