import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { catalogue, type Product } from "../catalogue/products.ts";
import { integerOf, jsonBody, refuse } from "../input.ts";
import type { Visit } from "../session/cookie.ts";
import { addToBasket, type Change, setQuantity, viewBasket } from "./basket.ts";

/**
 * The visitor's basket, below `/api/basket`; each answers with the whole basket:
 *
 * - `GET /`
 * - `POST /` with `{ id, quantity }`: puts so many more in
 * - `PUT /:id` with `{ quantity }`: makes it so many; 0 takes it out
 */
export function basketRoutes(visit: Visit) {
  return new Hono()
    .get("/", (c) => c.json(viewBasket(visit.current(c)?.basket ?? new Map())))
    .post(
      "/",
      jsonBody(({ id, quantity }) => ({ id: String(id), quantity: integerOf(quantity, "quantity") })),
      (c) => {
        const { id, quantity } = c.req.valid("json");
        const product = find(id);
        const { basket } = visit.open(c);
        hold(addToBasket(basket, product, quantity));
        return c.json(viewBasket(basket));
      },
    )
    .put(
      "/:id",
      jsonBody(({ quantity }) => ({ quantity: integerOf(quantity, "quantity") })),
      (c) => {
        const product = find(c.req.param("id"));
        const { basket } = visit.open(c);
        hold(setQuantity(basket, product, c.req.valid("json").quantity));
        return c.json(viewBasket(basket));
      },
    );
}

function find(id: string): Product {
  const product = catalogue.get(id);
  if (!product) throw new HTTPException(404, { message: "There is no such product." });
  return product;
}

function hold(change: Change): void {
  if (!change.ok) refuse(change.problem);
}
