import { createServer } from "node:http";
import { createOutlet, defineModel, type OutletOptions } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { answerParent } from "../host/ipc.ts";
import { port, upstreamOrigin } from "../targets/environment.ts";

const ANSWER = "Some bridges are longer in summer than in winter, and their builders knew. ".repeat(8);
const WORDS = Array.from({ length: 64 }, (_, i) => `word ${i} `);

function models(): OutletOptions["models"] {
  if (upstreamOrigin !== "") {
    const upstream = openai({ baseURL: `${upstreamOrigin}/v1`, apiKey: "sk-upstream" });
    return { bench: upstream, streamer: upstream };
  }
  return {
    bench: defineModel(() => ANSWER),
    streamer: defineModel(async function* () {
      for (const word of WORDS) yield word;
    }),
  };
}

const outlet = createOutlet({
  keys: ["sk-bench"],
  models: models(),
  store: await createSqliteStore({ file: process.env.BENCH_FILE ?? "" }),
});
createServer(nodeListener(outlet)).listen(port, "127.0.0.1", () => process.send?.({ ready: true }));

answerParent(() => process.cpuUsage());
