import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteStore } from "./index.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "outlet-sqlite-"));
  file = join(folder, "outlet.db");
});
afterEach(() => rm(folder, { recursive: true }));

const thing = { collection: "thing", owner: "me", id: "t1" };
const insert = { ...thing, createdAt: 1, data: "kept" };

it("makes a file that only its owner can read", async () => {
  const store = await createSqliteStore({ file });
  await store.write([{ insert }]);
  for (const path of [file, `${file}-wal`]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  await store.close?.();
});

it("lives in a database beside other tables", async () => {
  const host = new DatabaseSync(file);
  host.exec("create table records (id text); insert into records values ('theirs')");
  const store = await createSqliteStore({ file });
  await store.write([{ insert }]);
  await store.close?.();
  expect(host.prepare("select id from records").all()).toEqual([{ id: "theirs" }]);
  host.close();
});

it("waits for another process that has the file to itself while it is opened", async () => {
  const other = new DatabaseSync(file);
  other.exec("begin exclusive; create table theirs (id text)");
  const opening = createSqliteStore({ file });
  await expect(Promise.race([opening, setTimeout(200, "waiting")])).resolves.toBe("waiting");
  other.exec("commit");
  other.close();
  const store = await opening;
  expect(await store.write([{ insert }])).toBe(true);
  await store.close?.();
});

it.each(["process", "power"] as const)("keeps what was written, with durability %s", async (durability) => {
  const store = await createSqliteStore({ file, durability });
  await store.write([{ insert }]);
  await store.close?.();
  const again = await createSqliteStore({ file, durability });
  expect((await again.get(thing))?.data).toBe("kept");
  await again.close?.();
});

it("refuses the schema of a newer version, and leaves it alone", async () => {
  await (await createSqliteStore({ file })).close?.();
  const host = new DatabaseSync(file);
  host.exec("update outlet_schema set version = 1000");
  await expect(createSqliteStore({ file })).rejects.toThrow(
    /version 1000 of Outlet's schema.*newer @outlet\/store-sql/,
  );
  expect(host.prepare("select version from outlet_schema").all()).toEqual([{ version: 1000 }]);
  host.close();
});

it("refuses a file that is no database, and leaves it alone", async () => {
  await writeFile(file, "dear diary, ".repeat(100));
  await expect(createSqliteStore({ file })).rejects.toThrow(/not a database/);
  expect((await stat(file)).size).toBe(1200);
  await expect(createSqliteStore({ file: join(folder, "none", "outlet.db") })).rejects.toThrow(/ENOENT/);
});

it("waits while another process holds the file, and serves meanwhile", async () => {
  const store = await createSqliteStore({ file });
  const host = new DatabaseSync(file);
  host.exec("begin immediate");
  const waiting = store.write([{ insert }]);
  expect(await store.get(thing)).toBeNull();
  host.exec("commit");
  expect(await waiting).toBe(true);
  expect((await store.get(thing))?.data).toBe("kept");
  host.close();
  await store.close?.();
});

it("rejects when it is closed", async () => {
  const store = await createSqliteStore({ file });
  const written = store.write([{ insert }]);
  await store.close?.();
  await store.close?.();
  expect(await written).toBe(true);
  await expect(store.write([{ insert }])).rejects.toThrow(/closed/);
  await expect(store.get(thing)).rejects.toThrow();
});
