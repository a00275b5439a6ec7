import { newId } from "../ids.ts";
import type { ItemType } from "./item.types.ts";

/** What an item's id begins with. */
const PREFIXES: Readonly<Record<ItemType, string>> = {
  message: "msg_",
  function_call: "fc_",
  function_call_output: "fco_",
  custom_tool_call: "ctc_",
  custom_tool_call_output: "ctco_",
  reasoning: "rs_",
  compaction: "cmp_",
  image_generation_call: "ig_",
  code_interpreter_call: "ci_",
  program: "prg_",
  program_output: "prgo_",
  additional_tools: "at_",
  configuration_update: "cfg_",
  file_search_call: "fs_",
  web_search_call: "ws_",
  tool_search_call: "tsc_",
  tool_search_output: "tso_",
  computer_call: "cu_",
  computer_call_output: "cuo_",
  local_shell_call: "lsh_",
  local_shell_call_output: "lsho_",
  shell_call: "sh_",
  shell_call_output: "sho_",
  apply_patch_call: "apc_",
  apply_patch_call_output: "apco_",
  mcp_list_tools: "mcpl_",
  mcp_approval_request: "mcpr_",
  mcp_approval_response: "mcpa_",
  mcp_call: "mcp_",
};

export function itemIdPrefix(type: ItemType): string {
  return PREFIXES[type];
}

export function newItemId(type: ItemType): string {
  return newId(PREFIXES[type]);
}
