import type { ChatFinishReason } from "@outlet/core";

/** A whole answer to a chat, before it is cut to length and put into chunks. */
export interface Saying {
  content?: string | null;
  refusal?: string | null;
  calls?: readonly SaidCall[];
  /** The legacy twin of a call. */
  functionCall?: { name: string; arguments: string };
  /** Other keys of the assistant's message. */
  extra?: Readonly<Record<string, unknown>>;
  /** Default: what follows from the rest. */
  finish?: ChatFinishReason;
}

export interface SaidCall {
  id: string;
  type: "function" | "custom";
  name: string;
  /** Arguments as JSON text, or a custom tool's input. */
  text: string;
}
