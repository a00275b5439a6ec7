import { parseArgs } from "node:util";
import { variantsTable } from "../variants/variants-table.ts";
import { measureCosts } from "./cost.ts";
import { measureMonth } from "./month.ts";
import { measureSizes } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "10000000" },
    keys: { type: "string", default: "1000000" },
    folder: { type: "string" },
    rounds: { type: "string", default: "40" },
    sections: { type: "string", default: "cost,month,large" },
    postgres: { type: "string", default: process.env.OUTLET_TEST_POSTGRES_URL ?? "" },
  },
});
const FEW = 100_000;
const FEW_KEYS = 1_000;

const sections = values.sections.split(",");
if (sections.includes("cost")) {
  const parts = "keys limits";
  const variants = ["open", "keys", parts, `${parts} memory`, `${parts} SQLite`, `${parts} SQLite behind`];
  if (values.postgres) variants.push(`${parts} PostgreSQL`);
  console.log(`\n${variantsTable(await measureCosts(variants, Number(values.rounds), values.postgres))}`);
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
if (sections.includes("large")) {
  const small = { keys: FEW_KEYS, entries: FEW };
  const large = { keys: Number(values.keys), entries: Number(values.entries) };
  console.log(`\n${variantsTable(await measureSizes([small, large], Number(values.rounds), values.folder))}`);
}
