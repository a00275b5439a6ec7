import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Pool } from "undici";

// Side by side, in interleaved rounds, so that what else the machine does falls on all alike. The target runs pinned to
// one core, the upstream and the load on the other. Figures are ratios to the bare pipe of the same run.

const TARGETS = (process.env.TARGETS ?? "pipe,outlet-node,outlet-express").split(",");
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const REQUESTS = Number(process.env.REQUESTS ?? 4000);
const STREAMS = Number(process.env.STREAMS ?? 400);
const pinned = spawnSync("taskset", ["-V"]).status === 0;

interface Server {
  child: ChildProcess;
  origin: string;
}

async function start(file: string, core: string, env: Record<string, string> = {}): Promise<Server> {
  const path = new URL(file, import.meta.url).pathname;
  const child = fork(path, { env: { ...process.env, ...env }, execArgv: process.execArgv });
  if (pinned) spawnSync("taskset", ["-a", "-p", "-c", core, String(child.pid)]);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { child, origin: `http://127.0.0.1:${port}` };
}

async function cpu({ child }: Server): Promise<number> {
  child.send("cpu");
  const [{ cpuMicros }] = (await once(child, "message")) as [{ cpuMicros: number }];
  return cpuMicros;
}

const request = (stream: boolean) =>
  JSON.stringify({
    model: "bench",
    messages: [
      { role: "system", content: "You are a helpful assistant. ".repeat(8) },
      { role: "user", content: "Tell me something interesting about bridges. ".repeat(4) },
    ],
    temperature: 0.7,
    stream,
  });

async function load(origin: string, count: number, parallel: number, stream: boolean): Promise<void> {
  const pool = new Pool(origin, { connections: parallel });
  const body = request(stream);
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const headers = { authorization: "Bearer sk-bench", "content-type": "application/json" };
      const reply = await pool.request({ method: "POST", path: "/v1/chat/completions", headers, body });
      if (reply.statusCode !== 200) throw new Error(`status ${reply.statusCode}: ${await reply.body.text()}`);
      await reply.body.dump();
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
  await pool.close();
}

async function measure(server: Server, count: number, parallel: number, stream: boolean) {
  const before = await cpu(server);
  const started = performance.now();
  await load(server.origin, count, parallel, stream);
  const seconds = (performance.now() - started) / 1000;
  return { cpu: ((await cpu(server)) - before) / count, rate: count / seconds };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const upstream = await start("./upstream.ts", "1");
const servers = await Promise.all(
  TARGETS.map((name) => start(`./targets/${name}.ts`, "0", { UPSTREAM: upstream.origin })),
);
if (pinned) spawnSync("taskset", ["-a", "-p", "-c", "1", String(process.pid)]);
const results = TARGETS.map(() => ({ cpu: [] as number[], rate: [] as number[], streamCpu: [] as number[] }));

for (const server of servers) await load(server.origin, REQUESTS, 32, false);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, server] of servers.entries()) {
    const plain = await measure(server, REQUESTS, 32, false);
    const streamed = await measure(server, STREAMS, 100, true);
    results[i]?.cpu.push(plain.cpu);
    results[i]?.rate.push(plain.rate);
    results[i]?.streamCpu.push(streamed.cpu);
  }
}

const base = results[0];
if (base) {
  const ratio = (values: number[], baseline: number[]) => (median(values) / median(baseline)).toFixed(2);
  console.log(
    "| | CPU per request | requests per second | CPU per stream of 64 paced chunks |\n| --- | --- | --- | --- |",
  );
  for (const [i, name] of TARGETS.entries()) {
    const own = results[i] ?? base;
    console.log(
      `| ${name} | ${ratio(own.cpu, base.cpu)} | ${ratio(own.rate, base.rate)} | ${ratio(own.streamCpu, base.streamCpu)} |`,
    );
  }
}
for (const { child } of [...servers, upstream]) child.disconnect();
