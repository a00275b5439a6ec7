import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import { textOf } from "../input.ts";
import { drawPicture } from "./picture.ts";
import { catalogue, type Product } from "./products.ts";
import type { Search } from "./search.ts";

/** Characters of a search. */
const MAX_QUERY_LENGTH = 200;

const shown = ({ picture: _, ...product }: Product) => product;
const products = [...catalogue.values()].map(shown);
const pictures = new Map([...catalogue.values()].map((product) => [`${product.id}.svg`, drawPicture(product)]));

/**
 * What the shop sells, below `/api/products`:
 *
 * - `GET /` → all products
 * - `GET /search?q=` → those nearest in meaning, best first
 * - `GET /pictures/:id.svg`
 */
export function catalogueRoutes(search: Search) {
  return new Hono()
    .get("/", (c) => c.json(products))
    .get(
      "/search",
      validator("query", ({ q }) => ({ q: textOf(q, "q", MAX_QUERY_LENGTH) })),
      async (c) => {
        // Whoever types on has no use for this search any more: its embedding stops when the request does.
        const found = await search(c.req.valid("query").q, { signal: c.req.raw.signal });
        return c.json(found.map(shown));
      },
    )
    .get("/pictures/:file", (c) => {
      const picture = pictures.get(c.req.param("file"));
      if (picture === undefined) throw new HTTPException(404, { message: "There is no such picture." });
      return c.body(picture, 200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=3600" });
    });
}
