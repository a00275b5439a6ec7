import { parseArgs } from "node:util";
import { TARGETS, type Target } from "./targets.ts";

export const SECTIONS = ["throughput", "latency", "first-token", "chunks", "open", "cancel", "start", "size", "mocks"];

export interface Settings {
  targets: readonly Target[];
  sections: ReadonlySet<string>;
  write: boolean;
  rounds: number;
  /** Rounds of what takes long and hardly varies. */
  fewRounds: number;
  /** Rounds of what varies more from one to the next than between targets. */
  manyRounds: number;
  /** Seconds a target is saturated in a round. */
  seconds: number;
  /** Seconds that a target gets requests, or streams, at a fixed rate in a turn, and turns a round. */
  fixedRateSeconds: number;
  fixedRateTurns: number;
  /** How many requests a target gets before its first round, the most seconds that they may take, and how many streams. */
  warmRequests: number;
  warmSeconds: number;
  warmStreams: number;
  /** How many requests a target gets before its turns in a section, since it was idle while others had theirs. */
  wakeRequests: number;
  /** Requests per second for latency, streams per second for the time to the first token. */
  rate: number;
  streamRate: number;
  /** Connections at saturation. */
  connections: number;
  /** How often in a round a target streams, how many streams at a time, and milliseconds between chunks. */
  streamSlices: number;
  streamsAtATime: number;
  paceMs: number;
  /** Numbers of streams held open at once. */
  open: number[];
  cancelled: number;
}

const full = {
  rounds: 3,
  fewRounds: 2,
  manyRounds: 7,
  seconds: 3,
  // What has more code takes longer until it is compiled: an outlet, the framework around it and undici take 25,000 requests.
  warmRequests: 30_000,
  warmSeconds: 10,
  warmStreams: 6_000,
  wakeRequests: 6_000,
  fixedRateTurns: 3,
  streamSlices: 7,
  streamsAtATime: 100,
  open: [1000, 5000],
  cancelled: 1000,
};
const quick: typeof full = {
  rounds: 1,
  fewRounds: 1,
  manyRounds: 1,
  seconds: 0.5,
  warmRequests: 5_000,
  warmSeconds: 0.5,
  warmStreams: 300,
  wakeRequests: 100,
  fixedRateTurns: 1,
  streamSlices: 1,
  streamsAtATime: 50,
  open: [500],
  cancelled: 200,
};

const HELP = `npx -y pnpm@12 --filter ./benchmarks run bench [options]

  --quick             about a minute: one short round, fewer streams, no install sizes
  --targets a,b       ${TARGETS.map(({ name }) => name).join(", ")}
  --sections a,b      ${SECTIONS.join(", ")}
  --rounds n          rounds (${full.rounds})
  --seconds n         seconds of load for each target in a round (${full.seconds}), in slices of a fifth of one
  --write             put the tables into this folder's README.md

Each has a variable for the environment: BENCH_QUICK=1, BENCH_TARGETS=pipe,outlet-node, …
BENCH_VERBOSE=1 shows what targets print.`;

/** @throws Error that names the flag which cannot be read. */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings | null {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      quick: { type: "boolean", default: env.BENCH_QUICK === "1" },
      write: { type: "boolean", default: env.BENCH_WRITE === "1" },
      help: { type: "boolean", default: false },
      targets: { type: "string", default: env.BENCH_TARGETS },
      sections: { type: "string", default: env.BENCH_SECTIONS },
      rounds: { type: "string", default: env.BENCH_ROUNDS },
      seconds: { type: "string", default: env.BENCH_SECONDS },
    },
  });
  if (values.help) {
    console.log(HELP);
    return null;
  }
  const base = values.quick ? quick : full;
  const sections = values.quick ? SECTIONS.filter((name) => name !== "size") : SECTIONS;
  const names = TARGETS.map(({ name }) => name);
  const chosen = pick("targets", values.targets, names, names);
  const rounds = positive("rounds", values.rounds, base.rounds);
  const seconds = positive("seconds", values.seconds, base.seconds);
  return {
    ...base,
    targets: TARGETS.filter(({ name }) => name === "direct" || name === "pipe" || chosen.has(name)),
    sections: pick("sections", values.sections, SECTIONS, sections),
    write: values.write,
    rounds,
    fewRounds: Math.ceil((rounds * base.fewRounds) / base.rounds),
    manyRounds: Math.ceil((rounds * base.manyRounds) / base.rounds),
    seconds,
    fixedRateSeconds: seconds / 3,
    rate: 150,
    streamRate: 50,
    connections: 64,
    paceMs: 10,
  };
}

function pick(flag: string, given: string | undefined, known: string[], fallback: string[]): ReadonlySet<string> {
  const wanted = given === undefined ? fallback : given.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--${flag}: there is no "${unknown}". There are ${known.join(", ")}.`);
  return new Set(wanted);
}

function positive(flag: string, given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!(value > 0)) throw new Error(`--${flag}: "${given}" is not a number above 0.`);
  return value;
}
