import type { EngineContext } from "@outlet/core";
import { createNote } from "./note.ts";
import { requestUnderWay } from "./requests-under-way.ts";
import { RequestView } from "./script/request-view.ts";
import type { MockRequest, Reply, ReplyFields, ScriptedOperation } from "./script/rule.types.ts";
import type { RuleBook } from "./script/rule-book.ts";

/** What is to be answered to one choice of a request. */
export interface Decision {
  readonly reply: ReplyFields;
  readonly view: RequestView;
  /** 0 for a request's first choice, 1 for its second, … */
  readonly variation: number;
}

interface Asked {
  choices: number;
  readonly view: RequestView;
  readonly reply: ReplyFields | Promise<ReplyFields>;
}

/** @param part which of a request's prompts is asked about; empty where there is only one */
export type Decide = (
  operation: ScriptedOperation,
  request: MockRequest,
  context: EngineContext,
  part: string,
) => Decision | Promise<Decision>;

const NOTHING_SCRIPTED: ReplyFields = {};

/**
 * Asks the rules once for each request, and for each prompt of a list, however many choices core asks for: a rule's
 * count is of requests.
 */
export function createDecide(book: RuleBook): Decide {
  const decided = createNote<EngineContext, Asked>("decided");
  const decidedParts = createNote<EngineContext, Map<string, Asked>>("decided parts");

  const known = (context: EngineContext, part: string) =>
    part === "" ? decided.of(context) : decidedParts.of(context)?.get(part);
  const remember = (context: EngineContext, part: string, asked: Asked) => {
    if (part === "") decided.leave(context, asked);
    else if (!decidedParts.of(context)?.set(part, asked)) decidedParts.leave(context, new Map([[part, asked]]));
  };

  return (operation, request, context, part) => {
    let asked = known(context, part);
    if (!asked) {
      const view = new RequestView(operation, request);
      asked = { choices: 0, view, reply: ask(book, view, context) };
      remember(context, part, asked);
    }
    const { reply, view } = asked;
    const variation = asked.choices++;
    if (reply instanceof Promise) return reply.then((made) => ({ reply: made, view, variation }));
    return { reply, view, variation };
  };
}

function ask(book: RuleBook, view: RequestView, engine: EngineContext): ReplyFields | Promise<ReplyFields> {
  const underWay = requestUnderWay(engine.signal);
  const answer = book.answer({ view, engine, underWay });
  if (answer === null) return NOTHING_SCRIPTED;
  const settle = ({ rule, reply }: { rule: string; reply: Reply }) => {
    if (underWay) underWay.rule = rule;
    return typeof reply === "string" ? { text: reply } : reply;
  };
  return answer instanceof Promise ? answer.then(settle) : settle(answer);
}
