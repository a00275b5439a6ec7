import { createOutlet, type Engine } from "@outlet/core";
import { MODEL, type Scene } from "./scenes.ts";

/** What an outlet answers to a scene, with placeholders for ids and times. */
export async function record({ path, request, answers, fails }: Scene): Promise<string> {
  const asked = answers.values();
  const engine: Engine = {
    specificationVersion: "v1",
    async *chat() {
      yield* asked.next().value ?? [];
      if (fails) throw new Error("The engine broke off.");
    },
  };
  const logger = { error() {}, warn() {} };
  const outlet = createOutlet({ access: "open", models: { [MODEL]: engine }, logger });
  const response = await outlet.fetch(`http://outlet/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: MODEL, stream: true, ...request }),
  });
  const stream = await response.text();
  await outlet.close({ graceMs: 0 });
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${stream}`);
  return placeholders(stream);
}

/** Ids as numbers in the order of their appearance (`resp_1`, and the first item of it, `msg_1_0001`); every time the same. */
function placeholders(stream: string): string {
  const numbers = new Map<string, number>();
  return stream
    .replace(/\b([a-z]+[-_])([0-9a-f]{32})([0-9a-f]{4})?\b/g, (_, prefix, digits, item) => {
      const number = numbers.get(digits) ?? numbers.size + 1;
      numbers.set(digits, number);
      return `${prefix}${number}${item === undefined ? "" : `_${item}`}`;
    })
    .replace(/"(created|created_at|completed_at)":\d+/g, '"$1":1700000000');
}
