import assert from "node:assert/strict";
import { jsonText } from "@outlet/core";
import type { StoreRequirement } from "../store-requirement.ts";
import { insert, OWNER, part, STRANGER, thing, things } from "../things.ts";

/** What databases lose, refuse, cut off or take for something else. */
const AWKWARD = [
  "\u0000",
  "a\u0000b",
  "a",
  "\ud800",
  "\udc00",
  "\ud83d\ude00",
  "\ufffd",
  "\u0001",
  "\u00010000",
  "%",
  "_",
  "'; drop table outlet_records; --",
  '"',
  "\\",
  "$1",
  "?",
  "é",
  "e\u0301",
  "É",
  " a",
  "a ",
  "__proto__",
  "constructor",
  "x".repeat(256),
];

export const documentRequirements: readonly StoreRequirement[] = [
  {
    id: "store.get",
    title: "A record is given back as it was written, with its position and its first version.",
    async run({ store }) {
      const record = {
        ...thing("t1"),
        createdAt: 7,
        labels: { a: "b" },
        dueAt: 9,
        data: { deep: [1, null, "x"] },
        details: ["d"],
      };
      assert.equal(await store.write([{ insert: record }]), true);
      const found = await store.get(thing("t1"));
      assert.ok(found && Number.isSafeInteger(found.position));
      assert.deepEqual(found, { ...record, parent: "", position: found.position, version: 1 });
    },
  },
  {
    id: "store.get.defaults",
    title: "A record without labels or details has none, and one that nothing is due on is due never.",
    async run({ store }) {
      await store.write([insert(thing("t1"))]);
      const found = await store.get(thing("t1"));
      assert.deepEqual([found?.labels, found?.dueAt, found?.parent, found?.details], [{}, null, "", null]);
    },
  },
  {
    id: "store.details",
    title: "A record's details are there when it is got or claimed, left out of lists, and kept when it is replaced.",
    async run({ store }) {
      const details = { messages: ["é\u0000"] };
      await store.write([insert(thing("t1"), { details, labels: { a: "1" }, dueAt: 1 })]);
      for (const query of [things, { ...things, labels: { a: "1" } }]) {
        assert.equal((await store.list(query))?.records[0]?.details, null);
      }
      await store.write([{ replace: { ...thing("t1"), version: 1, data: "new" } }]);
      assert.deepEqual((await store.get(thing("t1")))?.details, details);
      assert.deepEqual((await store.claim("thing", 1, 2))?.details, details);
    },
  },
  {
    id: "store.json-text",
    title: "Documents that come as JSON text are kept as that text's value.",
    async run({ store }) {
      const value = { a: ["\u00e9\u0000\ud800", 1e300] };
      const text = jsonText(JSON.stringify(value));
      await store.write([insert(thing("t1"), { data: text, details: text })]);
      const found = await store.get(thing("t1"));
      assert.deepEqual([found?.data, found?.details], [value, value]);
      await store.write([{ replace: { ...thing("t1"), version: 1, data: jsonText("[]") } }]);
      assert.deepEqual((await store.list(things))?.records[0]?.data, []);
    },
  },
  {
    id: "store.get.unknown",
    title: "There is no record where the collection, the owner, the parent or the id is another.",
    async run({ store }) {
      await store.write([insert(thing("t1"))]);
      for (const other of [{ collection: "thong" }, { owner: STRANGER }, { id: "T1" }, { id: "" }]) {
        assert.equal(await store.get({ ...thing("t1"), ...other }), null);
      }
      assert.equal(await store.get(part("t1", "t1")), null);
    },
  },
  {
    id: "store.documents.exact",
    title: "Any JSON value comes back as it was, NUL characters and lone surrogates included.",
    async run({ store }) {
      const values = [null, false, 0, -1.5, 1e300, "", [], {}, [[]], AWKWARD, JSON.parse('{"__proto__":{"a":1}}')];
      for (const [i, data] of values.entries()) await store.write([insert(thing(`t${i}`), { data })]);
      for (const [i, data] of values.entries()) {
        assert.equal(JSON.stringify((await store.get(thing(`t${i}`)))?.data), JSON.stringify(data));
      }
    },
  },
  {
    id: "store.documents.large",
    title: "A document of a megabyte comes back whole.",
    async run({ store }) {
      const data = { text: "añ😀\u0000".repeat(200_000) };
      await store.write([insert(thing("t1"), { data })]);
      assert.deepEqual((await store.get(thing("t1")))?.data, data);
    },
  },
  {
    id: "store.documents.copies",
    title:
      "What a caller changes in an object after it was written, or after it was read, is not changed in the store.",
    async run({ store }) {
      const data = { list: [1] };
      const labels = { a: "1" };
      await store.write([insert(thing("t1"), { data, labels })]);
      data.list.push(2);
      labels.a = "2";
      const { data: handedOut } = (await store.get(thing("t1"))) as { data: typeof data };
      handedOut.list.push(3);
      const again = await store.get(thing("t1"));
      assert.deepEqual([again?.data, again?.labels], [{ list: [1] }, { a: "1" }]);
    },
  },
  {
    id: "store.texts.exact",
    title: "Ids, owners and labels are texts and nothing else: different ones differ, and all come back as they were.",
    async run({ store }) {
      for (const text of AWKWARD) {
        const key = { ...thing(text), owner: text };
        assert.equal(await store.write([insert(key, { labels: { [text]: text, same: text } })]), true, text);
      }
      for (const text of AWKWARD) {
        const found = await store.get({ ...thing(text), owner: text });
        assert.deepEqual([found?.owner, found?.id], [text, text]);
        assert.deepEqual(Object.entries(found?.labels ?? {}), Object.entries({ [text]: text, same: text }));
        const labels = { [text]: text };
        const page = await store.list({ ...things, owner: text, labels });
        assert.equal(page?.records.length, 1);
        assert.equal(page?.records[0]?.id, text);
        const lookalikes = await store.list({ ...things, owner: text, labels: { same: `${text}x` } });
        assert.equal(lookalikes?.records.length, 0);
      }
    },
  },
  {
    id: "store.owners",
    title: "To another owner a record does not exist: not to get, list, replace or delete.",
    async run({ store }) {
      await store.write([insert(thing("t1"), { labels: { a: "1" } })]);
      const theirs = { ...thing("t1"), owner: STRANGER };
      assert.equal(await store.get(theirs), null);
      assert.deepEqual(await store.list({ ...things, owner: STRANGER }), { records: [], hasMore: false });
      assert.deepEqual(await store.list({ ...things, owner: STRANGER, labels: { a: "1" } }), {
        records: [],
        hasMore: false,
      });
      assert.equal(await store.list({ ...things, owner: STRANGER, after: "t1" }), null);
      assert.equal(await store.write([{ replace: { ...theirs, version: 1, data: null } }]), false);
      assert.equal(await store.write([{ delete: theirs }]), true);
      assert.deepEqual((await store.get(thing("t1")))?.data, { id: "t1" });
      assert.equal(await store.write([insert(theirs)]), true);
      assert.equal((await store.get(theirs))?.owner, STRANGER);
      assert.equal((await store.get(thing("t1")))?.owner, OWNER);
    },
  },
];
