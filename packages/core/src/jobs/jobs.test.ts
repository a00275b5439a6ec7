import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  cancelJob,
  createJobs,
  createMemoryStore,
  enqueueJob,
  type Job,
  type JobKind,
  type Jobs,
  type JobsOptions,
  type Store,
} from "../index.ts";
import { guardedStore } from "../store/guarded-store.ts";

const OWNER = "me";
const quiet = { error: () => {}, warn: () => {} };
const result = (id: string) => ({ collection: "result", owner: OWNER, id });
const data = (id: string) => store.get(result(id)).then((record) => record?.data);

let store: Store;
let open: Jobs[];

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryStore();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((jobs) => jobs.close()));
  vi.useRealTimers();
});

function start(work: Partial<JobKind>, { on = store, ...options }: JobsOptions & { on?: Store } = {}): Jobs {
  const jobs = createJobs({ store: guardedStore(on), logger: quiet, options });
  open.push(jobs);
  jobs.start({ sum: { ...kind(), ...work } });
  return jobs;
}

/** Inserts a result, which can be there only once. */
function kind(run: (job: Job) => unknown = () => "done"): JobKind {
  return {
    async run(job) {
      const value = await run(job);
      return () => [{ insert: { ...result(job.id), createdAt: 1, data: value ?? null } }];
    },
    failed: ({ id }, reason) => [{ insert: { ...result(id), createdAt: 1, data: String(reason) } }],
  };
}

const add = (jobs: Jobs, id: string, payload: unknown = null) =>
  jobs.store.write([enqueueJob("sum", { owner: OWNER, id, payload })]);

/** Lets everything happen that needs no time. */
const settle = () => vi.advanceTimersByTimeAsync(0);

it("runs a job at once when it is enqueued, and writes its end with its result", async () => {
  const seen: Job[] = [];
  const jobs = start(kind((job) => seen.push(job)));
  await add(jobs, "a", { n: 1 });
  await settle();
  expect(seen).toMatchObject([{ id: "a", owner: OWNER, payload: { n: 1 }, attempt: 1 }]);
  expect(await data("a")).toBe(1);
  expect(await store.get({ collection: "job.sum", owner: OWNER, id: "a" })).toBeNull();
});

it("runs no more at a time than it may, and begins the next when one ends", async () => {
  const gates = new Map<string, () => void>();
  const jobs = start(
    kind(({ id }) => new Promise<void>((resolve) => gates.set(id, resolve))),
    { concurrency: 2 },
  );
  for (const id of ["a", "b", "c", "d"]) await add(jobs, id);
  await settle();
  expect([...gates.keys()]).toEqual(["a", "b"]);
  gates.get("b")?.();
  await settle();
  expect([...gates.keys()]).toEqual(["a", "b", "c"]);
  for (const id of ["a", "c"]) gates.get(id)?.();
  await settle();
  gates.get("d")?.();
  await settle();
  expect(await Promise.all(["a", "b", "c", "d"].map((id) => store.get(result(id))))).not.toContain(null);
});

it("shares its places between kinds, and rests when there is nothing to do", async () => {
  const claims = vi.fn(store.claim);
  const jobs = createJobs({ store: { ...store, claim: claims }, logger: quiet, options: { concurrency: 1 } });
  open.push(jobs);
  jobs.start({ sum: kind(), other: kind() });
  await settle();
  await jobs.store.write([enqueueJob("other", { owner: OWNER, id: "o", payload: null })]);
  await add(jobs, "a");
  await settle();
  expect([await data("a"), await data("o")]).toEqual(["done", "done"]);
  const before = claims.mock.calls.length;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(claims.mock.calls.length).toBe(before);
});

it("tries again after a while, longer each time, and then tells why it failed", async () => {
  const times: number[] = [];
  const jobs = start({
    ...kind(({ attempt }) => {
      times.push(Date.now());
      throw new Error(`no ${attempt}`);
    }),
    maxAttempts: 3,
  });
  await add(jobs, "a");
  await vi.advanceTimersByTimeAsync(60_000);
  const waits = times.slice(1).map((time, i) => time - (times[i] as number));
  expect(waits).toHaveLength(2);
  expect(waits[0]).toBeGreaterThanOrEqual(750);
  expect(waits[0]).toBeLessThanOrEqual(1_001);
  expect(waits[1]).toBeGreaterThanOrEqual(1_500);
  expect(await data("a")).toBe("Error: no 3");
});

it("does not try again what would fail again", async () => {
  const run = vi.fn(() => Promise.reject(new Error("never")));
  const jobs = start({ run, retries: (error) => (error as Error).message !== "never" });
  await add(jobs, "a");
  await settle();
  expect(run).toHaveBeenCalledTimes(1);
  expect(await data("a")).toBe("Error: never");
});

it("keeps a job as long as it runs, however long", async () => {
  let finish = () => {};
  const run = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const jobs = start(kind(run), { leaseMs: 3_000 });
  start(kind(run), { leaseMs: 3_000 });
  await add(jobs, "a");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(run).toHaveBeenCalledTimes(1);
  finish();
  await settle();
  expect(await store.get(result("a"))).not.toBeNull();
});

it("takes over from a process that died, and counts the attempts that were cut short", async () => {
  await store.write([enqueueJob("sum", { owner: OWNER, id: "a", payload: null })]);
  const shared = { ...store, durable: true };
  const attempts: number[] = [];
  for (let i = 0; i < 2; i += 1) {
    // It claims, begins, and is never heard of again.
    const claimed = await store.claim("job.sum", Date.now(), Date.now() + 1_000);
    const { version = 0 } = claimed ?? {};
    const key = { collection: "job.sum", owner: OWNER, id: "a" };
    await store.write([{ replace: { ...key, version, data: { payload: null, attempts: i + 1 } } }]);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  start(
    kind(({ attempt }) => attempts.push(attempt)),
    { on: shared },
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(attempts).toEqual([3]);
  expect(await data("a")).toBe(1);
});

it("gives up a job whose attempts were all cut short", async () => {
  const record = { collection: "job.sum", owner: OWNER, id: "a", createdAt: 1, dueAt: 0 };
  await store.write([{ insert: { ...record, data: { payload: null, attempts: 3 } } }]);
  const run = vi.fn();
  start(kind(run));
  await settle();
  expect(run).not.toHaveBeenCalled();
  expect(await data("a")).toMatch(/cut short/);
});

it("looks for others' work where the store is durable", async () => {
  start(kind(), { on: { ...store, durable: true }, pollMs: 500 });
  await settle();
  await store.write([enqueueJob("sum", { owner: OWNER, id: "a", payload: null })]);
  await vi.advanceTimersByTimeAsync(500);
  expect(await data("a")).toBe("done");
});

it("leaves everything to the request that enqueues where work must be kept alive", async () => {
  await store.write([enqueueJob("sum", { owner: OWNER, id: "left", payload: null })]);
  const kept: Promise<unknown>[] = [];
  const jobs = start(kind(), { on: { ...store, durable: true }, waitUntil: (work) => void kept.push(work) });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(kept).toEqual([]);
  await add(jobs, "a");
  for (const work of kept) await work;
  expect([await data("left"), await data("a")]).toEqual(["done", "done"]);
});

it("tells a job that is cancelled to stop, and writes nothing of it", async () => {
  const stopped = vi.fn();
  const jobs = start(
    kind(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(stopped())))),
  );
  await add(jobs, "a");
  await settle();
  await jobs.store.write([cancelJob("sum", { owner: OWNER, id: "a" })]);
  await settle();
  expect(stopped).toHaveBeenCalled();
  expect(await store.get(result("a"))).toBeNull();
});

it("hears at the next renewal that another process has cancelled", async () => {
  let signal: AbortSignal | undefined;
  const jobs = start(
    kind((job) => {
      signal = job.signal;
      return new Promise(() => {});
    }),
    { leaseMs: 3_000 },
  );
  await add(jobs, "a");
  await settle();
  await store.write([cancelJob("sum", { owner: OWNER, id: "a" })]);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(signal?.aborted).toBe(true);
});

it("writes what a job writes on the way only while the job is its own", async () => {
  const written: boolean[] = [];
  let go = () => {};
  const note = (id: string) => ({ insert: { ...result(id), createdAt: 1, data: "note" } });
  const jobs = start(
    kind(async ({ write }) => {
      written.push(await write([note("early")]));
      await new Promise<void>((resolve) => (go = resolve));
      written.push(await write([note("late")]));
    }),
  );
  await add(jobs, "a");
  await settle();
  // Another process takes it: this one was taken for dead.
  await store.claim("job.sum", Date.now() + 60_000, Date.now() + 120_000);
  go();
  await settle();
  expect(written).toEqual([true, false]);
  expect([await data("early"), await data("late"), await data("a")]).toEqual(["note", undefined, undefined]);
});

it("waits with what a job writes on the way until the store is back", async () => {
  let away = true;
  const write: Store["write"] = (changes) => {
    const isNote = changes.some((change) => "insert" in change && change.insert.id === "note");
    return isNote && away ? Promise.reject(new Error("away")) : store.write(changes);
  };
  const jobs = start(
    kind((job) => job.write([{ insert: { ...result("note"), createdAt: 1, data: 1 } }])),
    { on: { ...store, write }, retryMs: 100 },
  );
  await add(jobs, "a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await data("a")).toBeUndefined();
  away = false;
  await vi.advanceTimersByTimeAsync(100);
  expect([await data("note"), await data("a")]).toEqual([1, true]);
});

it("makes the ending anew when a record that it replaces was changed meanwhile", async () => {
  await store.write([{ insert: { ...result("a"), createdAt: 1, data: { value: 0 } } }]);
  let endings = 0;
  const jobs = start({
    run: async () => async () => {
      endings += 1;
      const record = await store.get(result("a"));
      const { version = 0 } = record ?? {};
      if (endings === 1) await store.write([{ replace: { ...result("a"), version, labels: { note: "mine" } } }]);
      return [{ replace: { ...result("a"), version, data: { value: 1 } } }];
    },
  });
  await add(jobs, "a");
  await settle();
  expect(endings).toBe(2);
  expect(await store.get(result("a"))).toMatchObject({ data: { value: 1 }, labels: { note: "mine" } });
});

it("stops and hands back what is under way when it closes, so that another can take it at once", async () => {
  let signal: AbortSignal | undefined;
  const jobs = start(
    kind((job) => {
      signal = job.signal;
      return new Promise(() => {});
    }),
  );
  await add(jobs, "a");
  await settle();
  await jobs.close();
  expect(signal?.aborted).toBe(true);
  const attempts: number[] = [];
  start(kind(({ attempt }) => attempts.push(attempt)));
  await settle();
  expect(attempts).toEqual([1]);
  expect(await data("a")).toBe(1);
});

it("lets what is under way end for a while when it closes, and begins nothing meanwhile", async () => {
  const gates = new Map(["a", "b"].map((id) => [id, Promise.withResolvers<void>()]));
  const run = vi.fn(async (job: Job) => {
    await gates.get(job.id)?.promise;
    return job.signal.aborted;
  });
  const jobs = start(kind(run));
  await add(jobs, "a");
  await add(jobs, "b");
  await settle();
  const closed = jobs.close(1_000);
  await add(jobs, "c");
  gates.get("a")?.resolve();
  await vi.advanceTimersByTimeAsync(999);
  expect(await data("a")).toBe(false);
  expect(run).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);
  await closed;
  gates.get("b")?.resolve();
  await settle();
  expect(await data("b")).toBeUndefined();
});

it("claims nothing after it was closed", async () => {
  const run = vi.fn();
  const jobs = start(kind(run));
  await jobs.close();
  await add(jobs, "a");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(run).not.toHaveBeenCalled();
});

it.each([2, 3, 4, 5, 7])("ends every job exactly once on a store that fails at every %ith call", async (n) => {
  let calls = 0;
  const faulty =
    <Args extends unknown[], T>(method: (...args: Args) => Promise<T>, after: boolean) =>
    async (...args: Args): Promise<T> => {
      calls += 1;
      const fails = calls % n === 0;
      if (fails && !after) throw new Error("The database is away.");
      const given = await method(...args);
      // The worst case: it was done, and the answer was lost.
      if (fails) throw new Error("The connection was lost.");
      return given;
    };
  const on: Store = {
    ...store,
    durable: true,
    get: faulty(store.get, false),
    write: faulty(store.write, n % 2 === 1),
    claim: faulty(store.claim, n % 2 === 1),
  };
  const ends = new Map<string, number>();
  const jobs = start(
    {
      run:
        async ({ id }) =>
        async () => [{ insert: { ...result(id), createdAt: 1, data: id } }],
      failed: ({ id }, reason) => [{ insert: { ...result(id), createdAt: 1, data: String(reason) } }],
      maxAttempts: 50,
    },
    { on, leaseMs: 3_000 },
  );
  for (let i = 0; i < 40; i += 1) await store.write([enqueueJob("sum", { owner: OWNER, id: `j${i}`, payload: null })]);
  await vi.advanceTimersByTimeAsync(600_000);
  const page = await store.list({ collection: "result", owner: OWNER, order: "asc", limit: 100 });
  for (const { id } of page?.records ?? []) ends.set(id, (ends.get(id) ?? 0) + 1);
  expect(ends.size).toBe(40);
  expect((await store.list({ collection: "job.sum", owner: OWNER, order: "asc", limit: 100 }))?.records).toEqual([]);
  await jobs.close().catch(() => {});
});
