import { parseArgs } from "node:util";
import { startUpstream } from "../fleet.ts";
import { divideCores, pinSelf } from "../host/cores.ts";
import { stop } from "../host/process.ts";
import { type BenchDatabase, postgres, sqlite } from "./databases.ts";
import { fill } from "./fill.ts";
import { type Filled, measurePages } from "./pages.ts";
import { measureRuns, measureStoring, type StoringCost } from "./storing.ts";

const SMALL = 1_000;
/** Names, and whether they are an upstream's. */
const ANSWERS = [
  ["a function's, whole, 600 characters", "chat", false, false],
  ["a function's, streamed, 64 chunks", "chat", true, false],
  ["an upstream's, whole, 450 characters", "chat", false, true],
  ["an upstream's, streamed, 64 chunks", "chat", true, true],
  ["a response by a function, whole", "responses", false, false],
  ["a response by a function, streamed", "responses", true, false],
  ["a response by an upstream that chats, whole", "responses", false, true],
  ["a response by an upstream that chats, streamed", "responses", true, true],
] as const;

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    sections: { type: "string", default: "runs,storing,pages" },
    endpoints: { type: "string", default: "chat,responses" },
    concurrency: { type: "string", default: "1,16,64,256" },
    pairs: { type: "string", default: "9" },
    keep: { type: "string" },
    databases: { type: "string", default: "sqlite,postgres" },
    postgres: {
      type: "string",
      default: process.env.OUTLET_TEST_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres",
    },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

async function run(name: string, create: (name: string | null) => Promise<BenchDatabase>): Promise<void> {
  const counts = [SMALL, Number(values.records)];
  const { keep } = values;
  const databases = await Promise.all(counts.map((count) => create(keep === undefined ? null : `${keep}_${count}`)));
  const filled: Filled[] = [];
  try {
    for (const [i, count] of counts.entries()) {
      const store = await (databases[i] as BenchDatabase).open();
      filled.push({ store, count });
      const start = performance.now();
      await fill(store, count, (done) => {
        if (done % 100_000 === 0) say(`${name}: ${done} of ${count}`);
      });
      say(`${name}: ${count} records in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    if (!sections.includes("pages")) return;
    console.log(
      `\n| ${name} | ${counts.map((count) => `${count.toLocaleString("en")} records`).join(" | ")} | ratio |`,
    );
    console.log("| --- | --: | --: | --: |");
    for (const [page, [few = Number.NaN, many = Number.NaN]] of await measurePages(filled)) {
      console.log(`| ${page} | ${few.toFixed(0)} µs | ${many.toFixed(0)} µs | ${(many / few).toFixed(2)} |`);
    }
  } finally {
    await Promise.all(filled.map(({ store }) => store.close?.()));
    await Promise.all(databases.map((database) => database.drop()));
  }
}

/** What storing costs, of each kind of answer. `parts` names what is measured, a column each. */
async function storing(
  title: string,
  parts: readonly string[],
  measure: (...of: Parameters<typeof measureStoring>) => Promise<readonly StoringCost[]>,
): Promise<void> {
  const concurrency = values.concurrency.split(",").map(Number);
  const cores = divideCores();
  const upstream = await startUpstream(cores);
  if (cores) pinSelf(cores.load);
  const columns = concurrency.flatMap((n) => parts.map((part) => `${n} under way${part}`));
  console.log(`\n| ${title} | ${columns.join(" | ")} |`);
  console.log(`| --- |${" --: |".repeat(columns.length)}`);
  for (const [name, endpoint, stream, relayed] of ANSWERS) {
    if (!values.endpoints.split(",").includes(endpoint)) continue;
    const cells: string[] = [];
    for (const connections of concurrency) {
      const upstreamOrigin = relayed ? upstream.origin : "";
      const options = { connections, pairs: Number(values.pairs), upstreamOrigin, core: cores?.target };
      const costs = await measure({ endpoint, stream }, options);
      cells.push(...costs.map(cell));
      say(`${name}, ${connections} under way: ${costs.map(cell).join("; ")}`);
    }
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  await stop(upstream.child);
}

function cell({ stored, notStored, ratio, quartiles: [low, high] }: StoringCost): string {
  return `${ratio.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)} (${notStored.toFixed(0)} → ${stored.toFixed(0)} ms)`;
}

const sections = values.sections.split(",");
if (sections.includes("runs")) {
  const parts = ["", ", without the start"];
  await storing("CPU of a process and its 1,000 requests, `store: true` on SQLite beside `false`", parts, measureRuns);
}
if (sections.includes("storing")) {
  await storing("CPU for 1,000 requests, `store: true` on SQLite beside `false`, once compiled", [""], measureStoring);
}
if (sections.includes("pages") || sections.includes("fill")) {
  const databases = values.databases.split(",");
  if (databases.includes("sqlite")) await run("SQLite", sqlite);
  if (databases.includes("postgres")) await run("PostgreSQL", (kept) => postgres(values.postgres, kept));
}
