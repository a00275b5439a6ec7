import { defineConfig } from "vitest/config";

// Workspace packages are tested from their sources: the `@outlet/source` condition of their exports.
export default defineConfig({
  resolve: { conditions: ["@outlet/source"] },
  ssr: { resolve: { conditions: ["@outlet/source"] } },
  test: {
    include: ["src/**/*.test.ts"],
    // Nothing waits for a time to pass: these only end what hangs, on a machine that is far slower than it should be.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    pool: "threads",
    // Test files share a worker's modules, which halves the time they take: what a test replaces is put back for it.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // The report is what `.ci/run` counts passed and failed tests from.
    reporters: ["default", ...(process.env.GITHUB_ACTIONS ? ["github-actions"] : []), "json"],
    outputFile: { json: ".artifacts/vitest.json" },
  },
});
