import { defineConfig } from "vitest/config";

// Workspace packages are tested from their sources: the `source` condition of their exports.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["src/**/*.test.ts"],
    testTimeout: 10_000,
    pool: "threads",
    // The report is what `.ci/run` counts passed and failed tests from.
    reporters: ["default", ...(process.env.GITHUB_ACTIONS ? ["github-actions"] : []), "json"],
    outputFile: { json: ".artifacts/vitest.json" },
  },
});
