import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";
import { TableReporter } from "./src/table.reporter.ts";

export default mergeConfig(shared, {
  test: {
    // Cells are many and wait a lot: one half of them on each of two threads, several at a time.
    maxWorkers: 2,
    maxConcurrency: 6,
    reporters: [new TableReporter()],
  },
});
