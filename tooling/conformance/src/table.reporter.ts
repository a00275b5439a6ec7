import { mkdirSync, writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { fullTable, summary } from "./table.ts";

const ARTIFACTS = new URL("../../../.artifacts/", import.meta.url);

/** Puts what all files found into one table: a summary here, requirement × cell in a file. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => test.meta().row ?? []));
    if (rows.length === 0) return;
    mkdirSync(ARTIFACTS, { recursive: true });
    writeFileSync(new URL("conformance.md", ARTIFACTS), fullTable(rows));
    console.log(`\n${summary(rows)}\n`);
  }
}
