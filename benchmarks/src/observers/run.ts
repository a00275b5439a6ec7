import { parseArgs } from "node:util";
import { pathOf } from "../host/process.ts";
import { measureVariants } from "../variants/measure-variants.ts";
import { variantsTable } from "../variants/variants-table.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "40" } } });

/** `nobody, again` tells what of a ratio is the machine's. */
const NAMES = [
  "nobody",
  "nobody, again",
  "one of your own",
  "prometheus",
  "opentelemetry",
  "opentelemetry with its SDK",
  "explain",
];
const file = pathOf("./target.ts", import.meta.url);
const variants = NAMES.map((name) => ({ name, launch: { file, args: [name] } }));
console.log(`\n${variantsTable(await measureVariants(variants, Number(values.rounds)))}`);
