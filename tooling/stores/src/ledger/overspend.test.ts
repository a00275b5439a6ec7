import { dollars } from "@outlet/core";
import { expect, it } from "vitest";
import { startProgram } from "../crash/program.ts";
import { openLedger } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";

const CALLS = 500;

onEveryDatabase((create) => {
  it.each([1, 2])(
    `of ${CALLS} calls at once in %s processes, a credit for 100 lets exactly 100 through`,
    async (processes) => {
      const { place, drop } = await create();
      const ledger = await openLedger(place);
      await ledger.setBudget({
        id: "b",
        scope: { everyone: true },
        amount: dollars(1),
        period: null,
        hard: true,
        alerts: [],
      });
      const answers: string[] = [];
      const programs = Array.from({ length: processes }, () =>
        startProgram("../ledger/spender.fixture.ts", place, CALLS / processes),
      );
      const ready = programs.map(
        (program) =>
          new Promise<void>((resolve) => {
            program.onLine((line) => (line === "ready" ? resolve() : answers.push(line)));
          }),
      );
      await Promise.all(ready);
      for (const program of programs) program.go();
      await Promise.all(programs.map(({ ended }) => ended));
      expect(answers.filter((status) => status === "200")).toHaveLength(100);
      expect(answers.filter((status) => status === "429")).toHaveLength(400);
      expect(await ledger.budgets()).toMatchObject([{ spent: dollars(1), reserved: 0 }]);
      await ledger.close?.();
      await drop();
    },
    60_000,
  );
});
