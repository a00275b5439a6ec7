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
    .get("/", async (c) => c.json(viewBasket((await visit.current(c))?.basket ?? new Map())))
    .post(
      "/",
      jsonBody(({ id, quantity }) => ({ id: String(id), quantity: integerOf(quantity, "quantity") })),
      async (c) => {
        const { id, quantity } = c.req.valid("json");
        const product = find(id);
        const session = await visit.open(c);
        hold(addToBasket(session.basket, product, quantity));
        await visit.keep(session);
        return c.json(viewBasket(session.basket));
      },
    )
    .put(
      "/:id",
      jsonBody(({ quantity }) => ({ quantity: integerOf(quantity, "quantity") })),
      async (c) => {
        const product = find(c.req.param("id"));
        const session = await visit.open(c);
        hold(setQuantity(session.basket, product, c.req.valid("json").quantity));
        await visit.keep(session);
        return c.json(viewBasket(session.basket));
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
