import { openStore, type Place } from "../databases.ts";
import { argumentsOf } from "./program.ts";

// Writes pairs of records without end, and says which pairs were acknowledged.

const [place] = argumentsOf<[Place]>();
const store = await openStore(place);
const record = (id: string) => ({ collection: "thing", owner: "me", id, createdAt: 1, data: "x".repeat(500) });

async function writePairs(writer: number): Promise<void> {
  for (let i = 0; ; i += 1) {
    const id = `${writer}-${i}`;
    await store.write([{ insert: record(`${id}-a`) }, { insert: record(`${id}-b`) }]);
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 10 }, (_, writer) => writePairs(writer)));
