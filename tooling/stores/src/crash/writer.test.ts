import { expect, it } from "vitest";
import { openStore } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { startProgram } from "./program.ts";

const ACKNOWLEDGED = 300;

onEveryDatabase((create) => {
  it("loses nothing that was acknowledged, and has nothing half written, after kill -9 of the writer", async () => {
    const { place, drop } = await create();
    const program = startProgram("./writer.fixture.ts", place);
    const acknowledged: string[] = [];
    program.onLine((line) => {
      acknowledged.push(line);
      if (acknowledged.length === ACKNOWLEDGED) program.kill();
    });
    await program.ended;
    const store = await openStore(place);
    const page = await store.list({ collection: "thing", owner: "me", order: "asc", limit: 100_000 });
    const found = new Set(page?.records.map(({ id }) => id));
    const lost = acknowledged.flatMap((id) => [`${id}-a`, `${id}-b`]).filter((id) => !found.has(id));
    const halves = [...found].filter((id) => !found.has(id.replace(/[ab]$/, (half) => (half === "a" ? "b" : "a"))));
    expect({ lost, halves }).toEqual({ lost: [], halves: [] });
    expect(acknowledged.length).toBeGreaterThanOrEqual(ACKNOWLEDGED);
    await store.close?.();
    await drop();
  }, 120_000);
});
