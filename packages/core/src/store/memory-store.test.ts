import { expect, it } from "vitest";
import { createMemoryStore, parentCollection } from "../index.ts";

// What it has in common with every store is in @outlet/testing's store requirements, which run on it too.

const base = { collection: "thing", owner: "me" };

it("forgets the oldest beyond its bound, and nothing that work is due on", async () => {
  const store = createMemoryStore({ maxBytes: 2_000 });
  await store.write([{ insert: { ...base, id: "due", createdAt: 0, dueAt: 1, data: null } }]);
  for (let i = 1; i <= 9; i++) await store.write([{ insert: { ...base, id: `t${i}`, createdAt: i, data: null } }]);
  const page = await store.list({ ...base, limit: 10, order: "asc" });
  expect(page?.records.map(({ id }) => id)).toEqual(["due", "t8", "t9"]);
});

it("knows a parent's collection by the name of the children's", async () => {
  expect(parentCollection("chat.completion.message")).toBe("chat.completion");
  expect(() => parentCollection("thing")).toThrow(TypeError);
  const store = createMemoryStore();
  await expect(store.get({ ...base, parent: "t1", id: "t2" })).rejects.toThrow(TypeError);
});
