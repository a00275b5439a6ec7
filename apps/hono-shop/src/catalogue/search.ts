import type OpenAI from "openai";
import type { Product } from "./products.ts";

export interface SearchOptions {
  /** Most results; default 8. */
  limit?: number;
  /** Leave out what costs more than this many cents. */
  maxPriceCents?: number | undefined;
  /** Stops the embedding of the query. */
  signal?: AbortSignal;
}

/**
 * The products nearest in meaning to a query, best first.
 * @throws what the SDK throws.
 */
export type Search = (query: string, options?: SearchOptions) => Promise<Product[]>;

/** A product that is less than this part as near as the best one is not what was meant. */
const NEAR_ENOUGH = 0.4;
/** Vectors of queries that are remembered: people type the same things, and a letter more or less. */
const REMEMBERED_QUERIES = 500;

/**
 * Embeds every product once; a search then costs one embedding of the query, at most.
 * @throws what the SDK throws: without vectors there is nothing to search in.
 */
export async function createSearch(products: readonly Product[], client: OpenAI, model: string): Promise<Search> {
  const vectors = await embed(
    products.map(({ name, category, description }) => `${name}. ${category}. ${description}`),
  );
  const remembered = new Map<string, readonly number[]>();

  return async (query, { limit = 8, maxPriceCents = Number.POSITIVE_INFINITY, signal } = {}) => {
    const vector = await vectorOf(query.trim().toLowerCase(), signal);
    const ranked = products
      .map((product, index) => ({ product, nearness: cosine(vector, vectors[index] ?? []) }))
      .filter(({ product }) => product.priceCents <= maxPriceCents)
      .sort((one, other) => other.nearness - one.nearness);
    const least = Math.max((ranked[0]?.nearness ?? 0) * NEAR_ENOUGH, Number.EPSILON);
    return ranked
      .filter(({ nearness }) => nearness >= least)
      .slice(0, limit)
      .map(({ product }) => product);
  };

  async function vectorOf(query: string, signal?: AbortSignal): Promise<readonly number[]> {
    const known = remembered.get(query);
    if (known) return known;
    const [vector = []] = await embed([query], signal);
    remembered.set(query, vector);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED_QUERIES) break;
      remembered.delete(oldest);
    }
    return vector;
  }

  async function embed(input: string[], signal?: AbortSignal): Promise<number[][]> {
    const { data } = await client.embeddings.create({ model, input }, { ...(signal && { signal }) });
    return data.map(({ embedding }) => embedding);
  }
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb || 1);
}
