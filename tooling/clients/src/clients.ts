import type { Client } from "./client.types.ts";
import { agents } from "./clients/agents.ts";
import { aiSdkCompatible, aiSdkOpenAI } from "./clients/ai-sdk.ts";
import { curl } from "./clients/curl.ts";
import { langchain } from "./clients/langchain.ts";
import { llamaindex } from "./clients/llamaindex.ts";
import { openaiClient } from "./clients/openai.ts";

export const clients: readonly Client[] = [
  openaiClient,
  aiSdkOpenAI,
  aiSdkCompatible,
  langchain,
  agents,
  llamaindex,
  curl,
];
