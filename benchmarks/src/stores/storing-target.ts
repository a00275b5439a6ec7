import { createServer } from "node:http";
import { createOutlet, defineModel } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { answerParent } from "../host/ipc.ts";
import { port } from "../targets/environment.ts";

const ANSWER = "Some bridges are longer in summer than in winter, and their builders knew. ".repeat(8);
const WORDS = Array.from({ length: 64 }, (_, i) => `word ${i} `);

const outlet = createOutlet({
  keys: ["sk-bench"],
  models: {
    bench: defineModel(() => ANSWER),
    streamer: defineModel(async function* () {
      for (const word of WORDS) yield word;
    }),
  },
  store: await createSqliteStore({ file: process.env.BENCH_FILE ?? "" }),
});
createServer(nodeListener(outlet)).listen(port, "127.0.0.1", () => process.send?.({ ready: true }));

answerParent(() => process.cpuUsage());
