import { z } from "zod";
import { ENDS } from "../chat/completions/chat-completions.schema.ts";

// https://platform.openai.com/docs/api-reference/responses/create#responses_create-tools

const name = z
  .string()
  .min(1, ENDS)
  .max(128, ENDS)
  .regex(/^[a-zA-Z0-9_.-]+$/, { error: "expected letters, digits, _ and - only", ...ENDS });
const jsonSchema = z.record(z.string(), z.unknown());
const callers = z.array(z.enum(["direct", "programmatic"])).nullish();
const offered = { allowed_callers: callers, async: z.boolean().optional(), defer_loading: z.boolean().optional() };

const functionTool = z.object({
  ...offered,
  type: z.literal("function"),
  name,
  description: z.string().nullish(),
  parameters: jsonSchema.nullish(),
  strict: z.boolean().nullish(),
  output_schema: jsonSchema.nullish(),
});
const customTool = z.object({
  ...offered,
  type: z.literal("custom"),
  name,
  description: z.string().optional(),
  format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("grammar"), definition: z.string(), syntax: z.enum(["lark", "regex"]) }),
    ])
    .optional(),
});

const toolFilter = z.object({ read_only: z.boolean().optional(), tool_names: z.array(z.string()).optional() });
const mcpTool = z.object({
  type: z.literal("mcp"),
  server_label: z.string().min(1, ENDS).max(256, ENDS),
  allowed_callers: callers,
  allowed_tools: z.union([z.array(z.string()), toolFilter]).nullish(),
  authorization: z.string().optional(),
  connector_id: z.string().optional(),
  defer_loading: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).nullish(),
  require_approval: z
    .union([z.enum(["always", "never"]), z.object({ always: toolFilter.optional(), never: toolFilter.optional() })])
    .nullish(),
  server_description: z.string().optional(),
  server_url: z.string().optional(),
  tunnel_id: z.string().optional(),
});

/** Tools that only a far side with Responses of its own can run: it checks the rest of them. */
const hostedTools = [
  z.object({ type: z.literal("file_search"), vector_store_ids: z.array(z.string()) }),
  z.object({ type: z.literal("web_search") }),
  z.object({ type: z.literal("web_search_2025_08_26") }),
  z.object({ type: z.literal("web_search_preview") }),
  z.object({ type: z.literal("web_search_preview_2025_03_11") }),
  z.object({ type: z.literal("computer") }),
  z.object({ type: z.literal("computer_use_preview") }),
  z.object({ type: z.literal("code_interpreter"), container: z.union([z.string(), z.object({ type: z.string() })]) }),
  z.object({ type: z.literal("programmatic_tool_calling") }),
  z.object({ type: z.literal("image_generation") }),
  z.object({ type: z.literal("local_shell") }),
  z.object({ type: z.literal("shell") }),
  z.object({ type: z.literal("apply_patch") }),
  z.object({ type: z.literal("tool_search") }),
  z.object({ type: z.literal("namespace"), name, description: z.string(), tools: z.array(z.object({ name })) }),
] as const;

export const responseTool = z.discriminatedUnion("type", [functionTool, customTool, mcpTool, ...hostedTools]);

export const responseToolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("function"), name: z.string() }),
    z.object({ type: z.literal("custom"), name: z.string() }),
    z.object({
      type: z.literal("allowed_tools"),
      mode: z.enum(["auto", "required"]),
      tools: z.array(z.record(z.string(), z.unknown())),
    }),
    z.object({ type: z.literal("mcp"), server_label: z.string().optional(), name: z.string().nullish() }),
    z.object({
      type: z.enum([
        "file_search",
        "web_search_preview",
        "web_search_preview_2025_03_11",
        "computer",
        "computer_use",
        "computer_use_preview",
        "image_generation",
        "code_interpreter",
        "programmatic_tool_calling",
        "apply_patch",
        "shell",
      ]),
    }),
  ]),
]);

export type ResponseTool = z.infer<typeof responseTool>;
export type ResponseToolChoice = z.infer<typeof responseToolChoice>;
