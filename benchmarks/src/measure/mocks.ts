import type { Bench } from "../bench.ts";
import { launch, type Running } from "../fleet.ts";
import { freePort, pathOf } from "../host/process.ts";
import { closedLoop, forSeconds, measuredLoop } from "../load/closed-loop.ts";
import { openConnection } from "../load/connection.ts";
import { chatRequest, type Order } from "../load/requests.ts";
import { aimockEntry } from "../peers.ts";
import { median } from "../stats.ts";
import { MOCK_CHUNKS } from "../targets/mock-script.ts";
import { SLICE_SECONDS, slicesOf } from "./throughput.ts";

export const MOCKS = ["@outlet/mock", "@copilotkit/aimock"] as const;
type Mock = (typeof MOCKS)[number];

const request = (order: Order) => chatRequest({}, order);
const plain = request("plain");

/** Two mocks with the same script: a canned answer, whole and in chunks, as fast as they can. Each round has new processes: no two come out the same. */
export async function measureMocks(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  const entry = await aimockEntry();
  const start = async (mock: Mock) => {
    const port = await freePort();
    const name = mock === "@outlet/mock" ? "outlet" : "aimock";
    const file = pathOf(`../targets/mock-${name}.ts`, import.meta.url);
    return launch({ file, args: [entry] }, port, request, "", bench.cores);
  };
  for (let round = 0; round < settings.rounds; round++) {
    console.error(`mocks: round ${round + 1} of ${settings.rounds}`);
    const servers = new Map<Mock, Running>();
    try {
      for (const mock of MOCKS) {
        const server = await start(mock);
        servers.set(mock, server);
        samples.add("mock start-up", mock, round, server.startMs);
      }
      for (const server of servers.values()) {
        await checkChunks(server);
        await warmUp(server, bench);
      }
      const whole = await sideBySide(servers, plain, bench);
      const streams = await sideBySide(servers, request("paced"), bench);
      for (const mock of MOCKS) {
        const times = (ratio: number) => (mock === MOCKS[0] ? ratio : 1);
        samples.add("mock requests per second", mock, round, times(whole.rate));
        samples.add("mock CPU per request", mock, round, times(whole.cpu));
        samples.add("mock chunks per second", mock, round, times(streams.rate));
        samples.add("mock CPU per chunk", mock, round, times(streams.cpu));
      }
    } finally {
      for (const server of servers.values()) await server.stop();
    }
  }
}

async function warmUp({ port }: Running, { settings }: Bench): Promise<void> {
  const { connections, warmRequests, warmSeconds } = settings;
  await closedLoop(port, connections, forSeconds(warmSeconds / 2, plain, warmRequests));
  await closedLoop(port, connections, forSeconds(warmSeconds / 2, request("paced"), warmRequests));
}

/** Slices of one and the other in turns; the medians of each pair's ratios, of our rate and CPU to theirs. */
async function sideBySide(servers: ReadonlyMap<Mock, Running>, bytes: Buffer, { settings }: Bench) {
  const { connections, seconds } = settings;
  const sliceSeconds = Math.min(seconds, SLICE_SECONDS);
  const slice = async (mock: Mock) => {
    const load = () => forSeconds(sliceSeconds, bytes);
    const measured = await measuredLoop(servers.get(mock) as Running, connections, bytes, load);
    return { rate: measured.replies / measured.seconds, cpu: measured.cpuSeconds / measured.replies };
  };
  const [rates, cpus]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < slicesOf(seconds); turn++) {
    const order = turn % 2 === 0 ? MOCKS : MOCKS.toReversed();
    const pair = new Map<Mock, { rate: number; cpu: number }>();
    for (const mock of order) pair.set(mock, await slice(mock));
    const [own, other] = MOCKS.map((mock) => pair.get(mock)) as [
      { rate: number; cpu: number },
      { rate: number; cpu: number },
    ];
    rates.push(own.rate / other.rate);
    cpus.push(own.cpu / other.cpu);
  }
  return { rate: median(rates), cpu: median(cpus) };
}

/** Both have to cut the same text into the same number of pieces. */
async function checkChunks({ port }: Running): Promise<void> {
  const connection = await openConnection(port);
  let text = "";
  await connection.send(request("paced"), (bytes) => {
    text += bytes.toString("latin1");
  });
  connection.destroy();
  const chunks = text.match(/"content":" (one|two|six|ten)"/g)?.length ?? 0;
  if (chunks !== MOCK_CHUNKS) throw new Error(`a mock streamed ${chunks} chunks of text, not ${MOCK_CHUNKS}`);
}
