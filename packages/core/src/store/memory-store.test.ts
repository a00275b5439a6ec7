import { expect, it } from "vitest";
import { createMemoryStore } from "../index.ts";

const base = { collection: "thing", owner: "me" };
const ids = (page: { records: readonly { id: string }[] } | null) => page?.records.map(({ id }) => id);

async function filled(count: number, maxBytes?: number) {
  const store = createMemoryStore(maxBytes === undefined ? {} : { maxBytes });
  for (let i = 1; i <= count; i++) {
    await store.write([
      { insert: { ...base, id: `t${i}`, createdAt: i, labels: { odd: String(i % 2) }, data: { i } } },
    ]);
  }
  return store;
}

it("gives pages in both directions, with filters, and knows whether the list goes on", async () => {
  const store = await filled(6);
  const list = { ...base, limit: 2 };
  const first = await store.list({ ...list, order: "desc" });
  expect(ids(first)).toEqual(["t6", "t5"]);
  expect(first?.hasMore).toBe(true);
  expect(ids(await store.list({ ...list, order: "desc", after: "t5" }))).toEqual(["t4", "t3"]);
  expect(await store.list({ ...list, order: "desc", after: "t3" })).toMatchObject({ hasMore: false });
  expect(ids(await store.list({ ...list, order: "asc", after: "t2" }))).toEqual(["t3", "t4"]);
  expect(ids(await store.list({ ...list, order: "asc", before: "t5" }))).toEqual(["t3", "t4"]);
  expect(ids(await store.list({ ...list, order: "desc", before: "t3" }))).toEqual(["t5", "t4"]);
  expect(ids(await store.list({ ...list, limit: 9, order: "asc", after: "t2", before: "t5" }))).toEqual(["t3", "t4"]);
  expect(ids(await store.list({ ...list, order: "asc", labels: { odd: "1" }, after: "t1" }))).toEqual(["t3", "t5"]);
  expect(await store.list({ ...list, order: "asc", after: "none" })).toBeNull();
  expect(await store.list({ ...list, owner: "you", order: "asc", after: "t1" })).toBeNull();
});

it("writes all changes or none", async () => {
  const store = await filled(1);
  const replace = { ...base, id: "t1", version: 1, data: { i: 10 } };
  const insert = { ...base, id: "t2", createdAt: 2, data: {} };
  expect(await store.write([{ insert }, { replace: { ...replace, version: 2 } }])).toBe(false);
  expect(await store.get({ ...base, id: "t2" })).toBeNull();
  expect(await store.write([{ replace }, { insert: { ...insert, parent: "t1" } }])).toBe(true);
  expect(await store.get({ ...base, id: "t1" })).toMatchObject({ version: 2, data: { i: 10 }, createdAt: 1 });
  expect(await store.write([{ insert: { ...insert, parent: "gone" } }])).toBe(false);
  expect(await store.write([{ delete: { ...base, id: "t1" } }])).toBe(true);
  expect(await store.get({ ...base, parent: "t1", id: "t2" })).toBeNull();
});

it("hands what is due to one worker, the longest due first", async () => {
  const store = await filled(0);
  for (const [id, dueAt] of [
    ["later", 300],
    ["second", 200],
    ["first", 100],
  ] as const) {
    await store.write([{ insert: { ...base, id, createdAt: 0, dueAt, data: null } }]);
  }
  const claimed = await store.claim("thing", 250, 1000);
  expect(claimed).toMatchObject({ id: "first", dueAt: 1000, version: 2 });
  expect(await store.claim("thing", 250, 1000)).toMatchObject({ id: "second" });
  expect(await store.claim("thing", 250, 1000)).toBeNull();
  expect(await store.claim("thing", 1000, 2000)).toMatchObject({ id: "later" });
});

it("forgets the oldest beyond its bound, and nothing that work is due on", async () => {
  const store = createMemoryStore({ maxBytes: 2_000 });
  await store.write([{ insert: { ...base, id: "due", createdAt: 0, dueAt: 1, data: null } }]);
  for (let i = 1; i <= 9; i++) await store.write([{ insert: { ...base, id: `t${i}`, createdAt: i, data: null } }]);
  expect(ids(await store.list({ ...base, limit: 10, order: "asc" }))).toEqual(["due", "t8", "t9"]);
});

it("keeps and hands out copies", async () => {
  const store = createMemoryStore();
  const data = { list: [1] };
  await store.write([{ insert: { ...base, id: "t1", createdAt: 0, data } }]);
  data.list.push(2);
  const { data: handedOut } = (await store.get({ ...base, id: "t1" })) as { data: typeof data };
  handedOut.list.push(3);
  expect((await store.get({ ...base, id: "t1" }))?.data).toEqual({ list: [1] });
});
