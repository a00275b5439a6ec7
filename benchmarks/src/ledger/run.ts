import { parseArgs } from "node:util";
import { measureLedgers } from "./cost.ts";
import { measureMonth } from "./month.ts";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "10000000" },
    sections: { type: "string", default: "cost,month" },
    postgres: { type: "string", default: process.env.OUTLET_TEST_POSTGRES_URL ?? "" },
  },
});
const FEW = 100_000;

const sections = values.sections.split(",");
if (sections.includes("cost")) {
  console.log("\n| ledger | CPU for 1,000 calls | beside none |");
  console.log("| --- | --: | --: |");
  for (const { ledger, cpu, ratio } of await measureLedgers(values.postgres)) {
    console.log(`| ${ledger} | ${cpu.toFixed(0)} ms | ${ratio.toFixed(2)} |`);
  }
}
if (sections.includes("month")) {
  const many = Number(values.entries);
  const small = await measureMonth(FEW);
  const large = await measureMonth(many);
  console.log(`\n| SQLite | ${FEW.toLocaleString("en")} calls | ${many.toLocaleString("en")} calls | ratio |`);
  console.log("| --- | --: | --: | --: |");
  for (const [name, few] of Object.entries(small)) {
    const all = large[name] ?? Number.NaN;
    console.log(`| ${name} | ${few.toFixed(2)} ms | ${all.toFixed(2)} ms | ${(all / few).toFixed(2)} |`);
  }
}
