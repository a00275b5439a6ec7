import type { FunctionTool } from "openai/resources/responses/responses";
import { addToBasket, type Basket, type Change, setQuantity, viewBasket } from "../basket/basket.ts";
import { catalogue, type Product, price } from "../catalogue/products.ts";
import type { Search } from "../catalogue/search.ts";

/** What the tools work on. */
export interface Shop {
  search: Search;
  basket: Basket;
  signal: AbortSignal;
}

export interface ToolOutcome {
  /** For the model, as JSON. */
  result: object;
  /** For the person: what the assistant has done. Its own mistakes are none of theirs. */
  step?: string;
}

type Arguments = Readonly<Record<string, unknown>>;

interface Tool {
  description: string;
  parameters: Readonly<Record<string, object>>;
  run(args: Arguments, shop: Shop): ToolOutcome | Promise<ToolOutcome>;
}

const PRODUCT_ID = { type: "string", description: 'Id of a product, as search_products gives it: "fjord-jacket".' };
const QUANTITY = { type: "integer", description: "How many, 1 or more." };
/** Products that a search shows the model. */
const RESULTS = 5;

const tools: Readonly<Record<string, Tool>> = {
  search_products: {
    description: "Finds products of this shop by meaning: by name, purpose, material, season or occasion.",
    parameters: {
      query: { type: "string", description: "What is looked for, in a few words." },
      max_price: { type: ["number", "null"], description: "Highest price in euros, or null." },
    },
    async run({ query, max_price }, { search, signal }) {
      const words = String(query ?? "").slice(0, 200);
      const maxPriceCents = typeof max_price === "number" ? max_price * 100 : undefined;
      const found = words.trim() ? await search(words, { limit: RESULTS, maxPriceCents, signal }) : [];
      return { result: { products: found.map(described) }, step: `Looked for “${words}”` };
    },
  },
  check_stock: {
    description: "Says how many pieces of a product are in stock.",
    parameters: { product_id: PRODUCT_ID },
    run: ({ product_id }) =>
      withProduct(product_id, (product) => ({
        result: { product: described(product), stock: product.stock },
        step: `Checked the stock of ${product.name}`,
      })),
  },
  add_to_basket: {
    description: "Puts pieces of a product into the visitor's basket, in addition to those that are in it.",
    parameters: { product_id: PRODUCT_ID, quantity: QUANTITY },
    run: ({ product_id, quantity }, { basket }) =>
      withProduct(product_id, (product) => {
        const done = `Put ${quantity} × ${product.name} in the basket`;
        return changed(basket, addToBasket(basket, product, Number(quantity)), done);
      }),
  },
  remove_from_basket: {
    description: "Takes a product out of the visitor's basket, all pieces of it.",
    parameters: { product_id: PRODUCT_ID },
    run: ({ product_id }, { basket }) =>
      withProduct(product_id, (product) => {
        const change = basket.has(product.id)
          ? setQuantity(basket, product, 0)
          : { ok: false as const, problem: `The ${product.name} is not in the basket.` };
        return changed(basket, change, `Took ${product.name} out of the basket`);
      }),
  },
  show_basket: {
    description: "Shows what is in the visitor's basket and what it costs.",
    parameters: {},
    run: (_, { basket }) => ({ result: { basket: summed(basket) }, step: "Looked into your basket" }),
  },
};

/** The tools as the model is told of them. */
export const toolDefinitions: FunctionTool[] = Object.entries(tools).map(
  ([name, { description, parameters: properties }]) => ({
    type: "function",
    name,
    description,
    parameters: { type: "object", properties, required: Object.keys(properties), additionalProperties: false },
    strict: true,
  }),
);

/**
 * Does what the model has asked for. What it got wrong is told to the model, which can try again.
 * @throws what searching throws.
 */
export async function runTool(name: string, json: string, shop: Shop): Promise<ToolOutcome> {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (!tool) return failed(`There is no tool ${name}.`);
  let args: unknown;
  try {
    args = JSON.parse(json || "{}");
  } catch {
    return failed("The arguments are not JSON.");
  }
  if (typeof args !== "object" || args === null) return failed("The arguments are not an object.");
  return tool.run(args as Arguments, shop);
}

function withProduct(id: unknown, use: (product: Product) => ToolOutcome): ToolOutcome {
  const product = catalogue.get(String(id));
  return product ? use(product) : failed(`There is no product ${JSON.stringify(id)}: search for it first.`);
}

function changed(basket: Basket, change: Change, done: string): ToolOutcome {
  if (!change.ok) return { ...failed(change.problem), step: change.problem };
  return { result: { done, basket: summed(basket) }, step: done };
}

function failed(problem: string): ToolOutcome {
  return { result: { error: problem } };
}

function described({ id, name, priceCents, stock, description }: Product) {
  return { id, name, price: price(priceCents), in_stock: stock > 0, description };
}

function summed(basket: Basket) {
  const { lines, totalCents } = viewBasket(basket);
  return { lines: lines.map(({ id, name, quantity }) => ({ id, name, quantity })), total: price(totalCents) };
}
