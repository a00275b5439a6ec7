import { catalogue, type Product } from "../catalogue/products.ts";

/** How many of which product, by id, in the order in which they were put in. */
export type Basket = Map<string, number>;

/** A basket as the page and the model see it. */
export interface BasketView {
  lines: { id: string; name: string; priceCents: number; quantity: number }[];
  /** Pieces in all. */
  count: number;
  totalCents: number;
}

/** What became of a wish: the problem is for people to read. */
export type Change = { ok: true } | { ok: false; problem: string };

/** Products that fit into one basket. */
const MAX_LINES = 20;

export function viewBasket(basket: Basket): BasketView {
  const lines = [...basket].flatMap(([id, quantity]) => {
    const product = catalogue.get(id);
    return product ? [{ id, name: product.name, priceCents: product.priceCents, quantity }] : [];
  });
  return {
    lines,
    count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    totalCents: lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0),
  };
}

/** Makes it so many of the product: 0 takes it out. More than there are in stock is refused, and nothing changes. */
export function setQuantity(basket: Basket, product: Product, quantity: number): Change {
  if (!Number.isInteger(quantity) || quantity < 0) return refuse("A quantity is a whole number, 0 or more.");
  if (quantity === 0) {
    basket.delete(product.id);
    return { ok: true };
  }
  if (product.stock === 0) return refuse(`The ${product.name} is sold out.`);
  if (quantity > product.stock) return refuse(`There are only ${product.stock} of the ${product.name}.`);
  if (!basket.has(product.id) && basket.size >= MAX_LINES) {
    return refuse(`A basket holds ${MAX_LINES} different things, and this one is full.`);
  }
  basket.set(product.id, quantity);
  return { ok: true };
}

/** Puts so many more of the product in. */
export function addToBasket(basket: Basket, product: Product, quantity: number): Change {
  if (!Number.isInteger(quantity) || quantity < 1) return refuse("One can add one or more, in whole pieces.");
  return setQuantity(basket, product, (basket.get(product.id) ?? 0) + quantity);
}

function refuse(problem: string): Change {
  return { ok: false, problem };
}
