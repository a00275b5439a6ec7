import type { ModelCapabilities } from "../models/model-entry.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import { usesFunctions } from "./legacy-functions.ts";
import { strictFunctions } from "./tool-calls.ts";

/** What an engine and its model can do by themselves. */
export interface Abilities {
  /** The engine's own list of parameters; absent when it honours all. */
  readonly honoured: readonly string[] | undefined;
  readonly capabilities: ModelCapabilities;
}

export function honours({ honoured, capabilities }: Abilities, name: string): boolean {
  if (capabilities.tools === false && name !== "response_format" && name !== "stop") return false;
  return honoured === undefined || honoured.includes(name);
}

export function usesTools({ tools, messages }: ChatCompletionRequest): boolean {
  return Boolean(tools?.length) || messages.some(({ role }) => role === "tool");
}

/** True for requests that cannot be relayed as they are: the model lacks what they ask for, and core makes up for it. */
export function lacksWhatIsAsked(request: ChatCompletionRequest, capabilities: ModelCapabilities): boolean {
  const { structured_outputs, json_mode, tools } = capabilities;
  const { response_format } = request;
  if (response_format?.type === "json_schema" && structured_outputs === false) return true;
  if (response_format?.type === "json_object" && json_mode === false) return true;
  if (structured_outputs === false && strictFunctions(request.tools ?? []).size > 0) return true;
  return tools === false && (usesTools(request) || usesFunctions(request));
}
