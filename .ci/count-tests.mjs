// Sums the suites' reports into "N passed, N failed", after the slowest suites' seconds and what failed with its errors:
// a log that was cut to its end still tells. Takes the exit status of `npm test`.
// Plain JavaScript: it also runs when nothing could be installed, on the machine's own Node.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const SLOWEST = 10;
const FAILURES = 20;
const ERROR_LINES = 15;
const LINE = 300;

const status = Number(process.argv[2] ?? 0);
const root = process.cwd();
const folders = ["packages", "apps", "tooling"]
  .filter((group) => existsSync(group))
  .flatMap((group) => readdirSync(group).map((name) => join(group, name)))
  .concat("benchmarks");
const suites = folders.filter(hasTests).map(readReport);
// What failed with an error comes before what did not get to run because of it.
const failures = suites.toSorted((a, b) => Number(a.missing) - Number(b.missing)).flatMap(({ failures }) => failures);
// The build, a linter or the installation failed: not a test, but a failure all the same.
if (status !== 0 && failures.length === 0) failures.push({ name: "a step that is no test", error: "See its output." });
const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);

for (const { folder, passed, failures, missing } of suites) {
  console.log(`  ${folder}: ${missing ? "no report" : `${passed} passed, ${failures.length} failed`}`);
}
console.log("Slowest:");
for (const { folder, seconds } of suites.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)) {
  console.log(`  ${folder}: ${seconds.toFixed(0)} s`);
}
for (const { name, error } of failures.slice(0, FAILURES)) {
  console.log(`FAILED ${printable(name)[0]}`);
  for (const line of printable(error)) console.log(`  ${line}`);
}
if (failures.length > FAILURES) console.log(`... and ${failures.length - FAILURES} more failed`);

console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

function hasTests(folder) {
  const path = join(folder, "package.json");
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).scripts?.test !== undefined;
}

/** A suite without a report did not run to its end: one failure. */
function readReport(folder) {
  const path = join(folder, ".artifacts", "vitest.json");
  if (!existsSync(path)) {
    return { folder, passed: 0, seconds: 0, missing: true, failures: [{ name: folder, error: "Left no report." }] };
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  const failures = report.testResults.flatMap((file) => failuresOf(folder, file));
  if (failures.length === 0 && !report.success) {
    failures.push({ name: folder, error: "An error outside of every test: see its output." });
  }
  const end = Math.max(report.startTime, ...report.testResults.map(({ endTime }) => endTime));
  const seconds = (end - report.startTime) / 1000;
  return { folder, passed: report.numPassedTests, seconds, missing: false, failures };
}

/** The file's failed tests. A file that failed without one did not load, or a hook of its failed: one failure. */
function failuresOf(folder, file) {
  const path = file.name.slice(file.name.lastIndexOf(folder));
  const failed = file.assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0 && file.status === "failed") return [{ name: path, error: file.message }];
  return failed.map((test) => ({
    name: `${path} > ${[...test.ancestorTitles, test.title].join(" > ")}`,
    error: test.failureMessages.join("\n"),
  }));
}

/** The first lines of a text that a terminal may be shown, without the stack inside of packages. */
function printable(text) {
  return stripVTControlCharacters(text)
    .replaceAll(root, ".")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at .*(node_modules|node:internal)|^\s+at new Promise/.test(line))
    .slice(0, ERROR_LINES)
    .map((line) => line.replaceAll(/\p{Cc}/gu, " ").slice(0, LINE));
}
