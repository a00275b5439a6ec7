import { once } from "node:events";
import { createOutlet, defineModel } from "@outlet/core";
import { argumentsOf } from "../crash/program.ts";
import { openLedger, type Place } from "../databases.ts";

// Makes so many calls at once when it is told to, and says how each was answered.

const [place, calls] = argumentsOf<[Place, number]>();
const outlet = createOutlet({
  access: "open",
  models: { m: defineModel(() => "x") },
  ledger: await openLedger(place),
  billing: { prices: { m: { request: 0.01 } } },
});
process.stdout.write("ready\n");
await once(process.stdin.resume(), "end");

const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
const headers = { "content-type": "application/json" };
const made = Array.from({ length: calls }, () =>
  outlet.fetch("http://outlet/v1/chat/completions", { method: "POST", headers, body }),
);
for (const { status } of await Promise.all(made)) process.stdout.write(`${status}\n`);
await outlet.close();
