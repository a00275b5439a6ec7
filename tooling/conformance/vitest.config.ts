import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

export default mergeConfig(shared, {
  test: {
    // Cells are many and wait a lot: one half of them on each of two threads, several at a time.
    maxWorkers: 2,
    maxConcurrency: 6,
    reporters: ["./src/table.reporter.ts"],
  },
});
