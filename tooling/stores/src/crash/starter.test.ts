import { expect, it } from "vitest";
import { openStore } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { startProgram } from "./program.ts";

onEveryDatabase((create) => {
  it("is made once by four processes that start at the same moment", async () => {
    const { place, drop } = await create();
    const programs = [1, 2, 3, 4].map((number) => startProgram("./starter.fixture.ts", place, `t${number}`));
    await Promise.all(programs.map((program) => new Promise<void>((ready) => program.onLine(() => ready()))));
    for (const program of programs) program.go();
    expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    const store = await openStore(place);
    const page = await store.list({ collection: "thing", owner: "me", order: "asc", limit: 10 });
    expect(page?.records.map(({ id }) => id).toSorted()).toEqual(["t1", "t2", "t3", "t4"]);
    await store.close?.();
    await drop();
  }, 120_000);
});
