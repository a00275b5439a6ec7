import type { Bench } from "../bench.ts";
import type { Running } from "../fleet.ts";
import { openFileLimit } from "../host/cores.ts";
import { ask } from "../host/ipc.ts";
import { closedLoop, openMany, times } from "../load/closed-loop.ts";
import type { Connection } from "../load/connection.ts";

/** A stream takes a socket on either side of the target; the rest is the process' own. */
const FILES_PER_STREAM = 2;
const FILES_BESIDE = 200;
const PATIENCE_MS = 30_000;

interface OpenStream {
  connection: Connection;
  chunks: number;
  ended: Promise<boolean>;
}

/** Streams open at once: whether all of them live, and the memory they take, in a process of its own each time. */
export async function measureOpenStreams(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  const most = Math.floor((openFileLimit() - FILES_BESIDE) / FILES_PER_STREAM);
  const levels = settings.open.filter((count) => count <= most);
  if (levels.length < settings.open.length) {
    samples.note(
      `Open streams: the limit of open files (\`ulimit -Hn\`: ${openFileLimit()}) leaves room for ${most} at a time, so larger numbers were not tried.`,
    );
  }
  await bench.interleave(
    "open streams",
    settings.fewRounds,
    async (target, round) => {
      const server = await bench.fresh(target);
      const streams: OpenStream[] = [];
      try {
        await closedLoop(server.port, 64, times(2000, server.request("plain")));
        const { rss } = await server.vitals();
        for (const level of levels) {
          await openUpTo(level, streams, server);
          const grown = (await server.vitals()).rss - rss;
          const alive = await countAlive(streams, bench);
          samples.add(`memory of ${level}`, target.name, round, grown);
          samples.add(`alive of ${level}`, target.name, round, alive);
        }
        await ask(bench.upstream.child, { ask: "finish" });
        const ended = (await Promise.all(streams.map(({ ended }) => within(ended)))).filter(Boolean).length;
        if (ended < streams.length) {
          samples.note(
            `${target.label}: ${streams.length - ended} of ${streams.length} open streams did not end properly.`,
          );
        }
      } finally {
        for (const { connection } of streams) connection.destroy();
        await server.stop();
        await ask(bench.upstream.child, { ask: "stopped", count: 0, withinMs: 0 });
      }
    },
    ["direct"],
  );
}

async function openUpTo(level: number, streams: OpenStream[], server: Running): Promise<void> {
  while (streams.length < level) {
    const batch = await openMany(server.port, Math.min(100, level - streams.length));
    await Promise.all(batch.map((connection) => openStream(connection, streams, server)));
  }
}

/** Resolves when the first chunk is there. */
function openStream(connection: Connection, streams: OpenStream[], server: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream: OpenStream = { connection, chunks: 0, ended: Promise.resolve(false) };
    stream.ended = connection
      .send(server.request("held", streams.length), (_bytes, status) => {
        if (status !== 200) reject(new Error(`a stream had status ${status}`));
        stream.chunks++;
        resolve();
      })
      .then(
        (status) => status === 200,
        (error) => {
          reject(error);
          return false;
        },
      );
    streams.push(stream);
  });
}

/** The upstream sends one more chunk on every stream: how many arrive? */
async function countAlive(streams: OpenStream[], { upstream }: Bench): Promise<number> {
  const before = streams.map(({ chunks }) => chunks);
  const alive = () => streams.filter(({ chunks }, i) => chunks > (before[i] ?? 0)).length;
  await ask(upstream.child, { ask: "tick" });
  const deadline = performance.now() + PATIENCE_MS;
  while (alive() < streams.length && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return alive();
}

function within(ended: Promise<boolean>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref());
  return Promise.race([ended, late]);
}
