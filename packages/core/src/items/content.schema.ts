import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";
import { longText, MAX_FILE_DATA, MAX_IMAGE_URL } from "./fields.schema.ts";

// The parts that messages and tool outputs are made of.

const prompt_cache_breakpoint = z
  .object({ mode: z.literal("explicit"), ttl: z.enum(["30m", "12h"]).optional() })
  .nullish();

const inputText = z.object({ type: z.literal("input_text"), text: longText, prompt_cache_breakpoint });
const inputImage = z.object({
  type: z.literal("input_image"),
  detail: z.enum(["low", "high", "auto", "original"]).nullish(),
  file_id: z.string().nullish(),
  image_url: z.string().max(MAX_IMAGE_URL, ENDS).nullish(),
  prompt_cache_breakpoint,
});
const inputFile = z.object({
  type: z.literal("input_file"),
  detail: z.enum(["auto", "low", "high"]).optional(),
  file_data: z.string().max(MAX_FILE_DATA, ENDS).nullish(),
  file_id: z.string().nullish(),
  file_url: z.string().nullish(),
  filename: z.string().nullish(),
  prompt_cache_breakpoint,
});

const index = z.int().min(0);
const annotation = z.discriminatedUnion("type", [
  z.object({ type: z.literal("file_citation"), file_id: z.string(), filename: z.string(), index }),
  z.object({
    type: z.literal("url_citation"),
    start_index: index,
    end_index: index,
    title: z.string(),
    url: z.string(),
  }),
  z.object({
    type: z.literal("container_file_citation"),
    container_id: z.string(),
    start_index: index,
    end_index: index,
    file_id: z.string(),
    filename: z.string(),
  }),
  z.object({ type: z.literal("file_path"), file_id: z.string(), index }),
]);
const tokenLogprob = { token: z.string(), bytes: z.array(z.int()), logprob: z.number() };

const outputText = z.object({
  type: z.literal("output_text"),
  text: longText,
  annotations: z.array(annotation).optional(),
  logprobs: z.array(z.object({ ...tokenLogprob, top_logprobs: z.array(z.object(tokenLogprob)) })).optional(),
});
const refusal = z.object({ type: z.literal("refusal"), refusal: longText });

/** What a client says, and what a tool gives back. */
export const inputPart = z.discriminatedUnion("type", [inputText, inputImage, inputFile]);
/** What a model said; its words may come back as a client's, too. */
export const assistantPart = z.discriminatedUnion("type", [outputText, refusal, inputText, inputImage, inputFile]);
/** A tool's output: a text, or parts. */
export const toolOutput = z.union([longText, z.array(inputPart)]);

export type InputPart = z.infer<typeof inputPart>;
export type AssistantPart = z.infer<typeof assistantPart>;
