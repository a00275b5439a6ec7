import { createOutlet, type OutletOptions } from "@outlet/core";
import { type Cell, runConformance } from "./index.ts";

/** What is broken in a server. */
export interface Mutation {
  options?: (options: OutletOptions) => OutletOptions;
  request?: (request: Request) => Request | Promise<Request>;
  response?: (response: Response) => Response | Promise<Response>;
}

/** A server in process that is right but for one mutation. */
export function mutantCell({ options: change = (it) => it, request, response }: Mutation): Cell {
  return {
    name: "mutant",
    async mount(options) {
      const outlet = createOutlet(change(options));
      return {
        baseURL: "http://mutant/v1",
        async fetch(input, init) {
          const asked = request && (await request(new Request(input, init)));
          const answer = await (asked ? outlet.fetch(asked) : outlet.fetch(input, init));
          return (await response?.(answer)) ?? answer;
        },
        close: () => outlet.close({ graceMs: 0 }),
      };
    },
  };
}

/** The ids of those requirements that the mutant fails. */
export async function failedBy(mutation: Mutation, ids: readonly string[]): Promise<string[]> {
  const results = await runConformance(mutantCell(mutation), { only: ({ id }) => ids.includes(id) });
  return results.filter(({ outcome }) => outcome === "failed").map(({ requirement }) => requirement.id);
}

/** A response with another body, text by text. */
export function withText(change: (text: string) => string): NonNullable<Mutation["response"]> {
  return (response) => {
    const decoded = response.body?.pipeThrough(new TextDecoderStream());
    const changed = decoded?.pipeThrough(
      new TransformStream<string, string>({ transform: (text, controller) => controller.enqueue(change(text)) }),
    );
    const { status, headers } = response;
    return new Response(changed?.pipeThrough(new TextEncoderStream()) ?? null, { status, headers });
  };
}

/** A response with other headers. */
export function withHeaders(change: (headers: Headers) => void): NonNullable<Mutation["response"]> {
  return (response) => {
    const headers = new Headers(response.headers);
    change(headers);
    return new Response(response.body, { status: response.status, headers });
  };
}
