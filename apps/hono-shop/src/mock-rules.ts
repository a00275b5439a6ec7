import type { MockContext, MockRequest, Reply, Rule } from "@outlet/mock";

// What the mock server says in place of a model. It goes by words and by the tools' results alone, as a model does: the
// shop is asked for everything through the tools, and nothing here knows the catalogue. With a real upstream, none of it is used.

interface Found {
  id: string;
  name: string;
  price: string;
  in_stock: boolean;
  description: string;
}

/** What the shop's tools answer with; which of it is there depends on the tool. */
interface Result {
  products?: Found[];
  product?: Found;
  stock?: number;
  done?: string;
  basket?: { lines: { id: string; name: string; quantity: number }[]; total: string };
  error?: string;
}

const tool = "search_products";

export const mockRules: Rule[] = [
  {
    name: "hello",
    when: { tool, user: /^\W*(hi|hello|hey|good (morning|evening)|thanks|thank you)\b.{0,20}$/i },
    reply: (_, { user }) =>
      /thank/i.test(user)
        ? "You are welcome. I am here if anything else comes up."
        : "Hello! Tell me what you are after: something warm, a present, a tent for two?",
  },
  { name: "remove", when: { tool, user: /\b(remove|delete)\b|\btake\b.*\bout\b|\bwithout\b/i }, reply: remove },
  {
    name: "add",
    when: { tool, user: /\b(add|put|buy|order)\b|\bI(’|'| wi)ll take\b|^\W*(yes|sure|ok|okay)\b/i },
    reply: add,
  },
  { name: "basket", when: { tool, user: /\b(basket|cart|total)\b/i }, reply: basket },
  {
    name: "stock",
    when: { tool, user: /\bin stock\b|\bavailable\b|\bsold out\b|\b(any|many)\b.*\bleft\b/i },
    reply: stock,
  },
  { name: "search", when: { tool }, reply: search },
];

function search(_: MockRequest, context: MockContext): Reply {
  const result = latest(context);
  if (result) return text(result, () => recommendation(result.products ?? [], context));
  return lookFor(context.user);
}

function stock(request: MockRequest, context: MockContext): Reply {
  const result = latest(context);
  const product = result ? result.products?.[0] : meant(request, context);
  if (result?.product) {
    const { name, price } = result.product;
    if (!result.stock) return `I am sorry, the **${name}** is sold out.`;
    return `Yes. There ${result.stock === 1 ? "is one" : `are ${result.stock}`} of the **${name}** in stock, at ${price}.`;
  }
  if (product) return call("check_stock", { product_id: product.id });
  return result ? text(result, () => "I could not find that in our shop.") : lookFor(context.user);
}

function add(request: MockRequest, context: MockContext): Reply {
  const result = latest(context);
  const product = result ? result.products?.[0] : meant(request, context);
  if (result?.basket) {
    const [, what] = /^Put (.*) in the basket$/.exec(result.done ?? "") ?? [];
    return `I have put **${what}** in your basket, which now comes to ${result.basket.total}.`;
  }
  if (product) return call("add_to_basket", { product_id: product.id, quantity: numberIn(context.user) });
  return result ? text(result, () => "Which one do you mean?") : lookFor(context.user);
}

function remove(_: MockRequest, context: MockContext): Reply {
  const result = latest(context);
  if (!result) return call("show_basket", {});
  const lines = result.basket?.lines ?? [];
  if (context.step > 1)
    return text(result, () => `It is out of the basket, which now comes to ${result.basket?.total}.`);
  const wanted = named(context.user);
  const line = lines.findLast(({ name }) => wanted.length === 0 || words(name).some((word) => wanted.includes(word)));
  if (line) return call("remove_from_basket", { product_id: line.id });
  return lines.length > 0 ? "That is not in your basket." : "Your basket is empty already.";
}

function basket(_: MockRequest, context: MockContext): Reply {
  const result = latest(context);
  if (!result) return call("show_basket", {});
  const { lines = [], total } = result.basket ?? {};
  if (lines.length === 0) return "Your basket is empty. Shall I find something for it?";
  const list = lines.map(({ name, quantity }) => `- ${quantity} × **${name}**`).join("\n");
  return `This is in your basket:\n\n${list}\n\nTogether that is ${total}.`;
}

const OPENINGS = ["I would look at these:", "These come to mind:", "Here is what we have:"];

function recommendation([best, ...others]: readonly Found[], { turn }: MockContext): string {
  if (!best) return "I found nothing like that. Try it in other words, or without a limit on the price.";
  if (others.length === 0) {
    const sold = best.in_stock ? "" : " It is sold out just now.";
    return `That will be the **${best.name}**, ${best.price}.${sold} ${best.description}`;
  }
  const list = [best, ...others.slice(0, 2)].map(({ name, description, in_stock }) => {
    const [first] = description.split(/(?<=[.!?]) /);
    return `- **${name}**${in_stock ? "" : " (sold out just now)"}: ${first}`;
  });
  return `${OPENINGS[turn % OPENINGS.length]}\n\n${list.join("\n")}\n\nTell me if one of them should go in your basket.`;
}

/** The result of the tool that has just run; undefined when none has. */
function latest({ toolResults }: MockContext): Result | undefined {
  const last = toolResults.at(-1);
  return last && (JSON.parse(last.text) as Result);
}

const text = ({ error }: Result, otherwise: () => string) => (error ? `That did not work. ${error}` : otherwise());

function call(name: string, args: object): Reply {
  return { toolCalls: { name, arguments: args } };
}

const LIMIT = /\b(?:under|below|less than|up to|at most)\s*€?\s*(\d+)(?:\s*(?:€|euros?))?/i;

function lookFor(user: string): Reply {
  const limit = LIMIT.exec(user)?.[1];
  const query = user
    .replace(LIMIT, "")
    .replace(
      /^\W*(please|can you|could you|do you have|have you got|show me|find me|i need|i want|i am looking for|is|are|add|put)\s+/i,
      "",
    )
    .replace(/\b(in stock|available|to my basket|in my basket|into my basket|please)\b|\b\d+\b|[?!.]/gi, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s,]+|[\s,]+$/g, "");
  return call("search_products", { query: query || user, max_price: limit ? Number(limit) : null });
}

/** «it», «them», «the second one»: of what was found before. A product that is named has to be searched for first. */
function meant({ messages = [] }: MockRequest, { user }: MockContext): Found | undefined {
  if (named(user).length > 0) return undefined;
  for (const message of messages.toReversed()) {
    if (message.role !== "tool") continue;
    const { products, product } = JSON.parse(String(message.content)) as Result;
    const place = ["first", "second", "third"].findIndex((ordinal) => user.includes(ordinal));
    const found = product ?? products?.[Math.max(place, 0)];
    if (found) return found;
  }
  return undefined;
}

/** The words of a request that are about a product, and not about what to do with it. */
function named(user: string): string[] {
  return words(user).filter((word) => !COMMAND.has(word));
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six"];

function numberIn(user: string): number {
  // «One of them» is one; in «the second one», it is no number.
  const found = /\b(\d{1,3}|two|three|four|five|six)\b/i.exec(user)?.[1]?.toLowerCase() ?? "one";
  return Number(found) || NUMBERS.indexOf(found);
}

const COMMAND = new Set(
  `add put buy remove delete without out order take will ill get me my your basket cart into in to of the a an it that this them those these one two
  three four five six first second third please and is are there any many how left stock available still sold out you have
  do can could would like for i want more yes sure ok okay too`.split(/\s+/),
);

function words(of: string): string[] {
  return (
    of
      .toLowerCase()
      .replaceAll(/[’']/g, "")
      .match(/[a-z]+/g) ?? []
  );
}
