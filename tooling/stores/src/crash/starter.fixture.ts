import { once } from "node:events";
import { openStore, type Place } from "../databases.ts";
import { argumentsOf } from "./program.ts";

// Opens a database at the same moment as others do, and writes a record.

const [place, id] = argumentsOf<[Place, string]>();
process.stdout.write("ready\n");
await once(process.stdin.resume(), "end");
const store = await openStore(place);
const record = { collection: "thing", owner: "me", id, createdAt: 1, data: null };
if (!(await store.write([{ insert: record }]))) throw new Error("It was there already.");
await store.close?.();
