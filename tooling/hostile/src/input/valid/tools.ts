import fc, { type Arbitrary } from "fast-check";
import { anyText, name } from "./text.ts";

/** A tool as both APIs understand it; each has its own way to write it. */
export interface Tool {
  type: "function" | "custom";
  name: string;
  description: string | undefined;
}

/** No tools, or some with names of their own. */
export const tools: Arbitrary<Tool[]> = fc.uniqueArray(
  fc.record({
    type: fc.constantFrom("function" as const, "custom" as const),
    name,
    description: fc.option(anyText, { nil: undefined }),
  }),
  { selector: (tool) => tool.name, maxLength: 3 },
);

/** A schema that every level of strictness allows. */
export const objectSchema = fc.uniqueArray(name, { maxLength: 3 }).map((names) => ({
  type: "object",
  properties: Object.fromEntries(names.map((property) => [property, { type: ["string", "null"] }])),
  required: names,
  additionalProperties: false,
}));

/** What the engine's `{}` is an answer to. */
export const NO_PROPERTIES = { type: "object", properties: {}, required: [], additionalProperties: false };

/** What may be said of tools that are there: any may be called, none, one has to be, or this one. */
export type Choice = "none" | "auto" | "required" | Tool | undefined;

export function choice(offered: readonly Tool[]): Arbitrary<Choice> {
  return fc.constantFrom<Choice[]>(undefined, "none", "auto", "required", ...offered);
}

/** A call of a tool and what it gave, in words. */
export interface Round {
  tool: Pick<Tool, "type" | "name">;
  given: string;
  result: string;
}

export const rounds: Arbitrary<Round[]> = fc.array(
  fc.record({
    tool: fc.record({ type: fc.constantFrom("function" as const, "custom" as const), name }),
    given: fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
    result: anyText,
  }),
  { minLength: 1, maxLength: 3 },
);
