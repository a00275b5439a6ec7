import { parseArgs } from "node:util";
import { startUpstream } from "../fleet.ts";
import { stop } from "../host/process.ts";
import { type BenchDatabase, postgres, sqlite } from "./databases.ts";
import { fill } from "./fill.ts";
import { type Filled, measurePages } from "./pages.ts";
import { measureStoring } from "./storing.ts";

const SMALL = 1_000;
/** Names, whether they are streams, and whether they are an upstream's. */
const ANSWERS = [
  ["a function's, whole, 600 characters", false, false],
  ["a function's, streamed, 64 chunks", true, false],
  ["an upstream's, whole, 450 characters", false, true],
  ["an upstream's, streamed, 64 chunks", true, true],
] as const;

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    sections: { type: "string", default: "storing,pages" },
    databases: { type: "string", default: "sqlite,postgres" },
    postgres: {
      type: "string",
      default: process.env.OUTLET_TEST_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres",
    },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

async function run(name: string, create: () => Promise<BenchDatabase>): Promise<void> {
  const counts = [SMALL, Number(values.records)];
  const databases = await Promise.all(counts.map(create));
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

const sections = values.sections.split(",");
if (sections.includes("storing")) {
  console.log("\n| CPU of an outlet for 1,000 chat completions | `store: false` | `store: true`, SQLite | ratio |");
  console.log("| --- | --: | --: | --: |");
  const upstream = await startUpstream(null);
  for (const [name, stream, relayed] of ANSWERS) {
    const { stored, notStored, ratio } = await measureStoring(stream, relayed ? upstream.origin : "");
    console.log(`| ${name} | ${notStored.toFixed(0)} ms | ${stored.toFixed(0)} ms | ${ratio.toFixed(2)} |`);
  }
  await stop(upstream.child);
}
if (sections.includes("pages")) {
  const databases = values.databases.split(",");
  if (databases.includes("sqlite")) await run("SQLite", sqlite);
  if (databases.includes("postgres")) await run("PostgreSQL", () => postgres(values.postgres));
}
