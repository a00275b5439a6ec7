import type { Change, Store } from "@outlet/core";

export const COLLECTION = "chat.completion";
export const OWNER = "project:org_bench/proj_bench";
/** Another project in the same database, with nearly nothing in it. */
export const SMALL_OWNER = "project:org_bench/proj_small";

const WRITE = 500;

export const idOf = (number: number) => `chatcmpl-${String(number).padStart(9, "0")}`;

/** One record in a hundred has this label, one in five has the other. */
export const RARE = { "metadata.customer": "c42" };
export const OFTEN = { "metadata.team": "t3" };

const DOCUMENT = {
  messages: [
    { role: "user", content: "How much is the fish, and what would you recommend with it on a rainy evening?" },
  ],
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: "Twelve. A soup, and bread. ".repeat(8) },
    },
  ],
  usage: { prompt_tokens: 20, completion_tokens: 64, total_tokens: 84 },
};

/** Stored chat completions, numbered from 1, with three labels each. Nothing is done where all are there already. */
export async function fill(store: Store, count: number, onProgress: (done: number) => void): Promise<void> {
  if (await isFilled(store)) return;
  for (let from = 1; from <= count; from += WRITE * 4) {
    const writes: Promise<boolean>[] = [];
    for (let start = from; start < from + WRITE * 4 && start <= count; start += WRITE) {
      const changes = Array.from({ length: Math.min(WRITE, count - start + 1) }, (_, i) =>
        completion(OWNER, start + i),
      );
      writes.push(store.write(changes));
    }
    if ((await Promise.all(writes)).includes(false)) throw new Error("The store was not empty.");
    onProgress(Math.min(from + WRITE * 4 - 1, count));
  }
  await store.write([1, 2, 3].map((number) => completion(SMALL_OWNER, number)));
}

/** The other project's are written last. */
async function isFilled(store: Store): Promise<boolean> {
  return (await store.get({ collection: COLLECTION, owner: SMALL_OWNER, id: idOf(3) })) !== null;
}

function completion(owner: string, number: number): Change {
  const labels = {
    model: number % 10 === 0 ? "gpt-large" : "gpt-small",
    "metadata.customer": `c${number % 100}`,
    "metadata.team": `t${Math.floor(number / 7) % 5}`,
  };
  const data = { id: idOf(number), object: COLLECTION, created: number, model: labels.model, ...DOCUMENT };
  return { insert: { collection: COLLECTION, owner, id: idOf(number), createdAt: number, labels, data } };
}
