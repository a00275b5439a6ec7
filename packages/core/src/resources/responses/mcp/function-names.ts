import type { ResponseRequest } from "../responses.schema.ts";

const MAX_LENGTH = 64;

export interface FunctionNames {
  /** The name for a tool, which nothing else that is offered has. */
  add(server: string, tool: string): string;
  /** The name a tool got, or would get if nothing else had it. */
  of(server: string, tool: string): string;
}

/** Names of remote tools as functions: the tool's own where it is free, else with its server's in front. */
export function createFunctionNames({ tools = [] }: ResponseRequest): FunctionNames {
  const taken = new Set(tools.flatMap((tool) => ("name" in tool && typeof tool.name === "string" ? [tool.name] : [])));
  const given = new Map<string, string>();
  const keyOf = (server: string, tool: string) => JSON.stringify([server, tool]);
  return {
    add(server, tool) {
      let name = plain(tool);
      for (let count = 1; taken.has(name); count += 1) {
        name = plain(count === 1 ? `${server}_${tool}` : `${count}_${server}_${tool}`);
      }
      taken.add(name);
      given.set(keyOf(server, tool), name);
      return name;
    },
    of: (server, tool) => given.get(keyOf(server, tool)) ?? plain(tool),
  };
}

/** In the letters that every model takes. */
function plain(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, MAX_LENGTH) || "_";
}
