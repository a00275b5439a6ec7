import type { Client } from "./client.types.ts";
import { agents, agentsResponses } from "./clients/agents.ts";
import { aiSdkCompatible, aiSdkOpenAI, aiSdkResponses } from "./clients/ai-sdk.ts";
import { curl } from "./clients/curl.ts";
import { langchain, langchainResponses } from "./clients/langchain.ts";
import { llamaindex } from "./clients/llamaindex.ts";
import { openaiClient } from "./clients/openai.ts";
import { openaiResponses } from "./clients/openai-responses.ts";

export const clients: readonly Client[] = [
  openaiClient,
  openaiResponses,
  aiSdkResponses,
  aiSdkOpenAI,
  aiSdkCompatible,
  langchain,
  langchainResponses,
  agents,
  agentsResponses,
  llamaindex,
  curl,
];
