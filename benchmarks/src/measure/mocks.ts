import type { Bench } from "../bench.ts";
import { launch, type Running } from "../fleet.ts";
import { freePort, pathOf } from "../host/process.ts";
import { closedLoop, forSeconds } from "../load/closed-loop.ts";
import { openConnection } from "../load/connection.ts";
import { chatRequest, type Order } from "../load/requests.ts";
import { aimockEntry } from "../peers.ts";
import { MOCK_CHUNKS } from "../targets/mock-script.ts";

export const MOCKS = ["@outlet/mock", "@copilotkit/aimock"] as const;
type Mock = (typeof MOCKS)[number];

const request = (order: Order) => chatRequest({}, order);

/** Two mocks with the same script: a canned answer, whole and in chunks, as fast as they can. */
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
    for (const mock of round % 2 === 0 ? MOCKS : MOCKS.toReversed()) {
      const server = await start(mock);
      try {
        samples.add("mock start-up", mock, round, server.startMs);
        await checkChunks(server);
        await closedLoop(server.port, settings.connections, forSeconds(settings.warmSeconds, request("plain")));
        await closedLoop(server.port, settings.connections, forSeconds(settings.warmSeconds / 2, request("paced")));
        const whole = await saturate(server, request("plain"), bench);
        samples.add("mock requests per second", mock, round, whole.rate);
        samples.add("mock CPU per request", mock, round, whole.cpuSeconds);
        const streams = await saturate(server, request("paced"), bench);
        samples.add("mock chunks per second", mock, round, streams.rate * MOCK_CHUNKS);
        samples.add("mock CPU per chunk", mock, round, streams.cpuSeconds / MOCK_CHUNKS);
      } finally {
        await server.stop();
      }
    }
  }
}

async function saturate(server: Running, bytes: Buffer, { settings }: Bench) {
  const before = await server.vitals();
  const began = performance.now();
  const replies = await closedLoop(server.port, settings.connections, forSeconds(settings.seconds, bytes));
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = ((await server.vitals()).cpuMicros - before.cpuMicros) / 1e6 / replies;
  return { rate: replies / seconds, cpuSeconds };
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
