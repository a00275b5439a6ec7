// Sums the suites' reports into "N passed, N failed"; takes the exit status of `npm test`.
// Plain JavaScript: it also runs when nothing could be installed, on the machine's own Node.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const status = Number(process.argv[2] ?? 0);
const folders = ["packages", "apps", "tooling"]
  .filter((group) => existsSync(group))
  .flatMap((group) => readdirSync(group).map((name) => join(group, name)))
  .concat("benchmarks");

let passed = 0;
let failed = 0;
for (const folder of folders) {
  if (!hasTests(folder)) continue;
  const result = readReport(folder);
  passed += result.passed;
  failed += result.failed;
  const state = result.missing ? "no report" : `${result.passed} passed, ${result.failed} failed`;
  console.log(`  ${folder}: ${state}`);
}
// The build, a linter or the installation failed: not a test, but a failure all the same.
if (status !== 0 && failed === 0) failed = 1;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function hasTests(folder) {
  const path = join(folder, "package.json");
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).scripts?.test !== undefined;
}

/** A suite without a report did not run to its end: one failure. A file that failed to load counts as one too. */
function readReport(folder) {
  const path = join(folder, ".artifacts", "vitest.json");
  if (!existsSync(path)) return { passed: 0, failed: 1, missing: true };
  const report = JSON.parse(readFileSync(path, "utf8"));
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const counted = report.numFailedTests + unloaded.length;
  return { passed: report.numPassedTests, failed: counted === 0 && !report.success ? 1 : counted };
}
