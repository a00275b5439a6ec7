import type { ChatCompletionRequest } from "@outlet/core";
import type { RequestView } from "../script/request-view.ts";
import { isStopWord, stemOf, wordsOf } from "./words.ts";

/** A tool or legacy function that a request offers, in one form. */
export interface OfferedTool {
  readonly kind: "function" | "custom" | "legacy";
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  /** A custom tool's grammar, if it has one. */
  readonly grammar?: { syntax: "lark" | "regex"; definition: string } | undefined;
}

export function offeredTools({
  tools = [],
  functions = [],
}: Pick<ChatCompletionRequest, "tools" | "functions">): OfferedTool[] {
  const modern = tools.map((tool): OfferedTool => {
    if (tool.type === "function") {
      const { name, description = "", parameters } = tool.function;
      return { kind: "function", name, description, parameters };
    }
    const { name, description = "", format } = tool.custom;
    const grammar = format?.type === "grammar" ? format.grammar : undefined;
    return { kind: "custom", name, description, parameters: undefined, grammar };
  });
  const legacy = functions.map(
    ({ name, description = "", parameters }): OfferedTool => ({ kind: "legacy", name, description, parameters }),
  );
  return [...modern, ...legacy];
}

/**
 * The tools a mock calls. Where the request names one or demands one, that is what it gets; where it leaves the choice,
 * those that the user's words point at, unless the results of a first round are already here.
 */
export function chosenTools(request: ChatCompletionRequest, view: RequestView): OfferedTool[] {
  const choice = request.tool_choice ?? request.function_call ?? "auto";
  const offered = offeredTools(request);
  if (choice === "none" || offered.length === 0) return [];
  const name = namedIn(choice);
  if (name !== undefined) return offered.filter((tool) => tool.name === name).slice(0, 1);
  const allowed = allowedIn(choice);
  const candidates = allowed ? offered.filter((tool) => allowed.names.has(tool.name)) : offered;
  const scored = candidates
    .map((tool) => ({ tool, score: relevance(tool, view.user) }))
    .sort((a, b) => b.score - a.score);
  if (choice === "required" || allowed?.required) {
    const relevant = scored.filter(({ score }) => score >= THRESHOLD);
    return limited(request, relevant.length > 0 ? relevant : scored.slice(0, 1));
  }
  if (view.toolResults.length > 0) return [];
  return limited(
    request,
    scored.filter(({ score }) => score >= THRESHOLD),
  );
}

const MAX_PARALLEL = 4;

function limited(request: ChatCompletionRequest, scored: readonly { tool: OfferedTool }[]): OfferedTool[] {
  const single = request.parallel_tool_calls === false || request.functions !== undefined;
  return scored.slice(0, single ? 1 : MAX_PARALLEL).map(({ tool }) => tool);
}

type Choice = NonNullable<ChatCompletionRequest["tool_choice"] | ChatCompletionRequest["function_call"]>;

function namedIn(choice: Choice): string | undefined {
  if (typeof choice === "string") return undefined;
  if ("function" in choice) return (choice.function as { name: string }).name;
  if ("custom" in choice) return (choice.custom as { name: string }).name;
  return "name" in choice ? (choice.name as string) : undefined;
}

interface AllowedTools {
  mode: "auto" | "required";
  tools: readonly Record<string, { name?: string } | undefined>[];
}

function allowedIn(choice: Choice): { names: Set<string>; required: boolean } | undefined {
  if (typeof choice === "string" || !("allowed_tools" in choice)) return undefined;
  const { mode, tools } = choice.allowed_tools as AllowedTools;
  const names = tools.map((tool) => (tool.function ?? tool.custom)?.name ?? "");
  return { names: new Set(names), required: mode === "required" };
}

const THRESHOLD = 3;
const WORD_OF_NAME = 3;
const WORD_OF_DESCRIPTION = 1;
/** Words that names of tools are made of, which say nothing about what they are for. */
const GENERIC = new Set(
  "get set do run call use make fetch tool function api data info current list create update new add by for user query".split(
    " ",
  ),
);

function relevance(tool: OfferedTool, text: string): number {
  const said = new Set(wordsOf(text.toLowerCase()).map(stemOf));
  const names = wordsOf(
    tool.name
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
      .replaceAll(/[_.-]/g, " ")
      .toLowerCase(),
  );
  const inName = new Set(names.filter((word) => !GENERIC.has(word) && !isStopWord(word)).map(stemOf));
  const described = new Set(
    wordsOf(tool.description.toLowerCase())
      .filter((word) => word.length > 3 && !GENERIC.has(word) && !isStopWord(word))
      .map(stemOf),
  );
  let score = text.toLowerCase().includes(tool.name.toLowerCase()) ? WORD_OF_NAME : 0;
  for (const word of inName) if (said.has(word)) score += WORD_OF_NAME;
  for (const word of described) if (said.has(word) && !inName.has(word)) score += WORD_OF_DESCRIPTION;
  return score;
}
