import { readEvents } from "./events.js";

/** What went wrong, in words for the person. */
class Problem extends Error {}

/** Asks one of the shop's endpoints; throws a Problem, or what fetch throws when `signal` aborts. */
async function call(method, path, { body, signal } = {}) {
  let response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      signal,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem("The shop could not be reached.");
  }
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new Problem(error ?? "The shop could not do this just now.");
}

const json = async (...request) => (await call(...request)).json();

export const api = {
  products: () => json("GET", "/products"),
  search: (query, signal) => json("GET", `/products/search?q=${encodeURIComponent(query)}`, { signal }),
  basket: () => json("GET", "/basket"),
  add: (id, quantity) => json("POST", "/basket", { body: { id, quantity } }),
  setQuantity: (id, quantity) => json("PUT", `/basket/${id}`, { body: { quantity } }),
  conversation: () => json("GET", "/assistant"),
  forget: () => call("DELETE", "/assistant"),
  /** The events of one answer, until it is done or stopped by `signal`. */
  async *ask(message, signal) {
    try {
      const response = await call("POST", "/assistant", { body: { message }, signal });
      for await (const event of readEvents(response)) {
        if (event.error) throw new Problem(event.error);
        if (event.done) return;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem) throw error;
    }
    if (!signal.aborted) throw new Problem("The connection to the shop was lost.");
  },
};
