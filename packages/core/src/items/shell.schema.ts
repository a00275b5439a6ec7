import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";
import { caller, callId, itemId, itemStatus, longText, optionalItemId } from "./fields.schema.ts";

// Shells, and patches to files.

const milliseconds = z.int().nullish();
const path = z.string().min(1, ENDS);
const skill = z.object({ name: z.string(), description: z.string(), path: z.string() });

export const shellItems = [
  z.object({
    type: z.literal("local_shell_call"),
    id: itemId,
    call_id: callId,
    status: itemStatus,
    action: z.object({
      type: z.literal("exec"),
      command: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      timeout_ms: milliseconds,
      user: z.string().nullish(),
      working_directory: z.string().nullish(),
    }),
  }),
  z.object({
    type: z.literal("local_shell_call_output"),
    id: itemId,
    output: longText,
    status: itemStatus.nullish(),
  }),
  z.object({
    type: z.literal("shell_call"),
    id: optionalItemId,
    call_id: callId,
    caller,
    status: itemStatus.nullish(),
    action: z.object({
      commands: z.array(z.string()),
      max_output_length: z.int().nullish(),
      timeout_ms: milliseconds,
    }),
    environment: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("local"), skills: z.array(skill).optional() }),
        z.object({ type: z.literal("container_reference"), container_id: z.string() }),
      ])
      .nullish(),
  }),
  z.object({
    type: z.literal("shell_call_output"),
    id: optionalItemId,
    call_id: callId,
    caller,
    status: itemStatus.nullish(),
    max_output_length: z.int().nullish(),
    output: z.array(
      z.object({
        stdout: longText,
        stderr: longText,
        outcome: z.discriminatedUnion("type", [
          z.object({ type: z.literal("timeout") }),
          z.object({ type: z.literal("exit"), exit_code: z.int() }),
        ]),
      }),
    ),
  }),
  z.object({
    type: z.literal("apply_patch_call"),
    id: optionalItemId,
    call_id: callId,
    caller,
    status: z.enum(["in_progress", "completed"]),
    operation: z.discriminatedUnion("type", [
      z.object({ type: z.literal("create_file"), path, diff: longText }),
      z.object({ type: z.literal("update_file"), path, diff: longText }),
      z.object({ type: z.literal("delete_file"), path }),
    ]),
  }),
  z.object({
    type: z.literal("apply_patch_call_output"),
    id: optionalItemId,
    call_id: callId,
    caller,
    status: z.enum(["completed", "failed"]),
    output: longText.nullish(),
  }),
] as const;
