import products from "./products.json" with { type: "json" };

export interface Product {
  /** In addresses and tool calls: `fjord-jacket`. */
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  /** Euro cents. */
  readonly priceCents: number;
  /** Pieces that can be sold; 0 is sold out. */
  readonly stock: number;
  /** What its picture is drawn from. */
  readonly picture: { readonly shape: string; readonly colours: readonly string[] };
}

/** What the shop sells: `products.json`, by id, in its order. */
export const catalogue: ReadonlyMap<string, Product> = new Map(products.map((product) => [product.id, product]));

const EUROS = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** `€289.00` */
export function price(cents: number): string {
  return EUROS.format(cents / 100);
}
