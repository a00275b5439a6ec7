import assert from "node:assert/strict";
import { assertError } from "../kit/assert-error.ts";
import { KEYS } from "../kit/models.ts";
import { ADMIN_KEYS, all, assertSeconds, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const adminKeysRequirements: readonly Requirement[] = [
  {
    id: "admin-keys.create",
    title: "A new admin key shows its secret once, and opens the admin API.",
    reference: PAGES.adminKeyCreate,
    operations: ["admin-api-keys-create"],
    async run({ client, http }) {
      const { value, ...key } = await client.admin.organization.adminAPIKeys.create({ name: "ops" });
      assert.match(value, /^sk-admin-[\w-]{40,}$/);
      const { id, created_at, redacted_value, ...rest } = key;
      assert.match(id, /^key_\w+$/);
      assertSeconds(created_at);
      assert.ok(redacted_value.startsWith("sk-admin-") && redacted_value.endsWith(value.slice(-4)), redacted_value);
      assert.ok(!redacted_value.includes(value.slice(9, -4)), "the secret is shown again");
      assert.deepEqual(rest, {
        object: "organization.admin_api_key",
        name: "ops",
        expires_at: null,
        last_used_at: null,
        owner: { type: "user", object: "organization.user", role: "owner" },
      });
      const reply = await http.send({ path: ADMIN_KEYS, key: value });
      assert.equal(reply.status, 200, reply.text);
      assert.ok(!reply.text.includes(value), "the list shows a secret");
    },
  },
  {
    id: "admin-keys.create.expires",
    title: "An admin key may be given a time to live.",
    reference: PAGES.adminKeyCreate,
    operations: ["admin-api-keys-create"],
    async run({ client }) {
      const { adminAPIKeys } = client.admin.organization;
      const key = await adminAPIKeys.create({ name: "short", expires_in_seconds: 3600 });
      assert.equal(key.expires_at, key.created_at + 3600);
    },
  },
  {
    id: "admin-keys.create.refused",
    title: "A name that is missing or wrong, a bad time and unknown parameters are 400s that name them.",
    reference: PAGES.adminKeyCreate,
    operations: ["admin-api-keys-create"],
    async run(context) {
      const { adminAPIKeys } = context.client.admin.organization;
      const before = (await all(adminAPIKeys.list())).length;
      for (const [body, param, code] of [
        [{}, "name", "missing_required_parameter"],
        [{ name: "" }, "name", "string_below_min_length"],
        [{ name: 1 }, "name", "invalid_type"],
        [{ name: "a", expires_in_seconds: 0 }, "expires_in_seconds", "integer_below_min_value"],
        [{ name: "a", scope: "all" }, "scope", "unknown_parameter"],
      ] as const) {
        await refusedAdmin(context, { path: ADMIN_KEYS, body }, { status: 400, param, code });
      }
      assert.equal((await all(adminAPIKeys.list())).length, before, "a refused key was made");
    },
  },
  {
    id: "admin-keys.list",
    title: "Admin keys are listed in pages, oldest first, or newest first on request.",
    reference: PAGES.adminKeyList,
    operations: ["admin-api-keys-list"],
    async run({ client }) {
      const { adminAPIKeys } = client.admin.organization;
      const made = [];
      for (const name of ["one", "two", "three"]) made.push((await adminAPIKeys.create({ name })).id);
      const ids = (await all(adminAPIKeys.list({ limit: 2 }))).map(({ id }) => id);
      assert.deepEqual(ids.slice(-3), made);
      assert.equal(new Set(ids).size, ids.length);
      const newest = await adminAPIKeys.list({ limit: 3, order: "desc" });
      assert.deepEqual(
        newest.data.map(({ id }) => id),
        made.toReversed(),
      );
    },
  },
  {
    id: "admin-keys.get",
    title: "An admin key is retrieved without its secret.",
    reference: PAGES.adminKeyGet,
    operations: ["admin-api-keys-get"],
    async run({ client }) {
      const { adminAPIKeys } = client.admin.organization;
      const { value: _, ...key } = await adminAPIKeys.create({ name: "ops" });
      assert.deepEqual({ ...(await adminAPIKeys.retrieve(key.id)) }, key);
    },
  },
  {
    id: "admin-keys.delete",
    title: "A deleted admin key opens nothing from then on.",
    reference: PAGES.adminKeyDelete,
    operations: ["admin-api-keys-delete"],
    async run({ client, http }) {
      const { adminAPIKeys } = client.admin.organization;
      const { id, value } = await adminAPIKeys.create({ name: "ops" });
      assert.equal((await http.send({ path: ADMIN_KEYS, key: value })).status, 200);
      const deleted = await adminAPIKeys.delete(id);
      assert.deepEqual({ ...deleted }, { id, object: "organization.admin_api_key.deleted", deleted: true });
      assertError(await http.send({ path: ADMIN_KEYS, key: value }), { status: 401, code: "invalid_api_key" });
    },
  },
  {
    id: "admin-keys.unknown",
    title: "An unknown admin key is a 404.",
    reference: PAGES.errors,
    operations: ["admin-api-keys-get", "admin-api-keys-delete"],
    async run(context) {
      for (const method of ["GET", "DELETE"]) {
        const request = { path: `${ADMIN_KEYS}/key_none`, method, key: KEYS.admin };
        await refusedAdmin(context, request, { status: 404, message: /key_none/ });
      }
    },
  },
];
