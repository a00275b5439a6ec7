import { createOutlet, type Store } from "@outlet/core";

/** The admin API of the outlet whose store it is, in this process. */
export interface Admin {
  /** @throws ApiRefusal */
  call<Reply>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Reply>;
  /** Every page of a list. */
  list<Item extends { id: string }>(path: string): AsyncIterable<Item>;
  close(): Promise<void>;
}

/** The admin API's no, in its words. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Who did it, in the audit log. */
const ACTOR = "outlet-cli";

export function openAdmin(store: Store): Admin {
  // It has no models: work that waits in the store is left to the servers.
  const outlet = createOutlet({ models: {}, platform: {}, store });
  const { fetch } = outlet.as({ id: ACTOR, admin: true });

  async function call<Reply>(method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`http://outlet/v1/organization${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const reply = await response.json();
    if (!response.ok) throw new ApiRefusal(response.status, reply.error.message);
    return reply;
  }

  return {
    call,
    async *list<Item extends { id: string }>(path: string) {
      for (let after = ""; ; ) {
        const page = await call<{ data: Item[]; has_more: boolean; last_id: string }>(
          "GET",
          `${path}?limit=100${after}`,
        );
        yield* page.data;
        if (!page.has_more) return;
        after = `&after=${encodeURIComponent(page.last_id)}`;
      }
    },
    close: () => outlet.close(),
  };
}
