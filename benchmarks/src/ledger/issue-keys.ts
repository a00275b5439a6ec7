import { hash, randomBytes } from "node:crypto";
import { type Change, createOutlet, type RecordKey, type Store, type StoredRecord } from "@outlet/core";
import { createSqliteStore } from "@outlet/store-sql/sqlite";

const ADMIN = "sk-admin-of-the-benchmark-0123456789";
const SECRETS = { collection: "platform.secret", owner: "platform" };
const KEYS = "organization.project.api_key";
/** Keys of one write, and writes at a time. */
const WRITE = 250;
const TOGETHER = 8;

/**
 * Issues so many keys of one project, and gives the values of the first ones, which the admin API makes, each with a service account. The
 * others have the same records, under ids and digests of their own: nobody has their secrets.
 */
export async function issueKeys(file: string, count: number, used: number): Promise<string[]> {
  const store = await createSqliteStore({ file });
  const outlet = createOutlet({ models: {}, platform: { adminKeys: [ADMIN] }, store });
  try {
    const post = poster(outlet.fetch);
    const { id: project } = await post<{ id: string }>("projects", "Benchmark");
    const values: string[] = [];
    for (let i = 0; i < used; i += 1) {
      const path = `projects/${project}/service_accounts`;
      const { api_key } = await post<{ api_key: { value: string } }>(path, `account ${i}`);
      values.push(api_key.value);
    }
    await copyKey(store, values.at(-1) as string, count - used);
    return values;
  } finally {
    await outlet.close();
  }
}

function poster(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  return async <Reply>(path: string, name: string): Promise<Reply> => {
    const reply = await fetch(`http://outlet/v1/organization/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    if (!reply.ok) throw new Error(await reply.text());
    return (await reply.json()) as Reply;
  };
}

async function copyKey(store: Store, value: string, count: number): Promise<void> {
  const secret = await found(store, { ...SECRETS, id: hash("sha256", value, "base64url") });
  const { organization, project, key } = secret.data as { organization: string; project: string; key: string };
  const place = { collection: KEYS, owner: `organization:${organization}`, parent: project };
  const { createdAt, labels, data } = await found(store, { ...place, id: key });

  const copy = (number: number): Change[] => {
    // Time first, as in the ids that an outlet makes.
    const id = `key_${number.toString(16).padStart(10, "0")}${randomBytes(11).toString("hex")}`;
    const digest = randomBytes(32).toString("base64url");
    return [
      { insert: { ...place, id, createdAt, labels, data: { ...(data as object), digest } } },
      { insert: { ...SECRETS, id: digest, createdAt, data: { organization, project, key: id } } },
    ];
  };
  for (let from = 0; from < count; from += WRITE * TOGETHER) {
    const writes: Promise<boolean>[] = [];
    for (let start = from; start < Math.min(from + WRITE * TOGETHER, count); start += WRITE) {
      const numbers = Array.from({ length: Math.min(WRITE, count - start) }, (_, i) => start + i);
      writes.push(store.write(numbers.flatMap(copy)));
    }
    if ((await Promise.all(writes)).includes(false)) throw new Error("A key was there already.");
  }
}

async function found(store: Store, key: RecordKey): Promise<StoredRecord> {
  const record = await store.get(key);
  if (!record) throw new Error(`A key's ${key.collection} is not where it was looked for.`);
  return record;
}
