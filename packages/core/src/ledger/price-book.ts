import { type ModelPrice, type Rates, ratesOf } from "./model-price.ts";

/** Finds what a model costs at a time; `null` where it does not know. Asked about each model once a minute at most. */
export type PriceBook = (model: string, at: Date) => ModelPrice | null;

export interface Prices {
  /** The price of the first of these names that has one: a model's own id, its snapshot, its name at its engine. */
  find(names: readonly string[], at: number): Rates | null;
}

const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;

/**
 * Prices of the host's own before those of a book.
 * @throws TypeError when a price is none
 */
export function createPrices(own: Readonly<Record<string, ModelPrice>>, book: PriceBook | undefined): Prices {
  const priced = new Map(Object.entries(own).map(([model, price]) => [model, ratesOf(model, price)]));
  const known = new Map<string, { rates: Rates | null; until: number }>();

  function ofBook(model: string, at: number): Rates | null {
    const found = known.get(model);
    if (found && found.until > at) return found.rates;
    const price = book?.(model, new Date(at)) ?? null;
    const rates = price && ratesOf(model, price);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(model, { rates, until: at + REMEMBERED_MS });
    return rates;
  }

  return {
    find(names, at) {
      for (const name of names) {
        const rates = priced.get(name);
        if (rates) return rates;
      }
      if (book) {
        for (const name of names) {
          const rates = ofBook(name, at);
          if (rates) return rates;
        }
      }
      return priced.get("*") ?? null;
    },
  };
}
