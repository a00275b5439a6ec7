export { openai } from "./openai.engine.ts";
export type { AzureOptions, OpenAIOptions } from "./openai.options.ts";
