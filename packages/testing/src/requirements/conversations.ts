import assert from "node:assert/strict";
import { CONVERSATIONS, FULL_METADATA, refused, WRONG_METADATA } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const MISSING = "conv_none";

export const conversationsRequirements: readonly Requirement[] = [
  {
    id: "conversations.create",
    title: "A conversation has an id, its date in seconds and its metadata; nothing needs to be sent for one.",
    reference: PAGES.conversationCreate,
    operations: ["createConversation"],
    async run({ client, http }) {
      const bare = await http.send({ path: CONVERSATIONS, method: "POST" });
      assert.equal(bare.status, 200, bare.text);
      const { id, created_at, ...rest } = bare.json() as { id: string; created_at: number };
      assert.match(id, /^conv_\w+$/);
      assert.ok(Number.isInteger(created_at) && created_at > 1_700_000_000, "created_at is not in seconds");
      assert.deepEqual(rest, { object: "conversation", metadata: {} });
      assert.deepEqual((await client.conversations.create({ metadata: { ...FULL_METADATA } })).metadata, FULL_METADATA);
      assert.deepEqual((await client.conversations.create({ metadata: null, items: null })).metadata, {});
    },
  },
  {
    id: "conversations.create.refused",
    title: "Metadata out of bounds and parameters that do not exist are 400s that name them.",
    reference: PAGES.conversationCreate,
    operations: ["createConversation", "updateConversation"],
    async run(context) {
      const { id } = await context.client.conversations.create();
      for (const path of [CONVERSATIONS, `${CONVERSATIONS}/${id}`]) {
        for (const [metadata, param] of WRONG_METADATA) {
          await refused(context, { path, body: { metadata } }, { status: 400, param });
        }
        const unknown = { metadata: {}, title: "x" };
        await refused(context, { path, body: unknown }, { status: 400, code: "unknown_parameter", param: "title" });
      }
    },
  },
  {
    id: "conversations.retrieve",
    title: "A conversation is retrieved as it was created.",
    reference: PAGES.conversationRetrieve,
    operations: ["getConversation"],
    async run({ client }) {
      const created = await client.conversations.create({ metadata: { topic: "weather" } });
      assert.deepEqual({ ...(await client.conversations.retrieve(created.id)) }, { ...created });
    },
  },
  {
    id: "conversations.update",
    title: "An update replaces the metadata; without metadata it is a 400.",
    reference: PAGES.conversationUpdate,
    operations: ["updateConversation"],
    async run({ client, http }) {
      const created = await client.conversations.create({ metadata: { a: "1", b: "2" } });
      const updated = await client.conversations.update(created.id, { metadata: { b: "3" } });
      assert.deepEqual({ ...updated }, { ...created, metadata: { b: "3" } });
      assert.deepEqual({ ...(await client.conversations.retrieve(created.id)) }, { ...updated });
      assert.deepEqual((await client.conversations.update(created.id, { metadata: null })).metadata, {});
      const nothing = await http.send({ path: `${CONVERSATIONS}/${created.id}`, body: {} });
      assertError(nothing, { status: 400, code: "missing_required_parameter", param: "metadata" });
    },
  },
  {
    id: "conversations.delete",
    title: "A deleted conversation is gone, and its items cannot be reached.",
    reference: PAGES.conversationDelete,
    operations: ["deleteConversation"],
    async run({ client, http }) {
      const { id } = await client.conversations.create({ items: [{ role: "user", content: "Hello" }] });
      const deleted = await client.conversations.delete(id);
      assert.deepEqual({ ...deleted }, { id, object: "conversation.deleted", deleted: true });
      for (const path of [`${CONVERSATIONS}/${id}`, `${CONVERSATIONS}/${id}/items`]) {
        assertError(await http.send({ path }), { status: 404 });
      }
    },
  },
  {
    id: "conversations.unknown",
    title: "An unknown conversation and another caller's are the same 404, and remain what they were.",
    reference: PAGES.errors,
    operations: [
      "getConversation",
      "updateConversation",
      "deleteConversation",
      "createConversationItems",
      "listConversationItems",
      "getConversationItem",
      "deleteConversationItem",
    ],
    async run({ client, http }) {
      const item = { role: "user", content: "mine" } as const;
      const { id } = await client.conversations.create({ items: [item] });
      const listed = await client.conversations.items.list(id);
      for (const [of, key] of [
        [MISSING, KEYS.organization],
        [id, KEYS.plain],
      ] as const) {
        const path = `${CONVERSATIONS}/${of}`;
        const missing = { status: 404, code: null, message: new RegExp(`^Conversation with id '${of}' not found\\.$`) };
        for (const request of [
          { path },
          { path, body: { metadata: {} } },
          { path, method: "DELETE" },
          { path: `${path}/items` },
          { path: `${path}/items`, body: { items: [item] } },
          { path: `${path}/items/${listed.last_id}` },
          { path: `${path}/items/${listed.last_id}`, method: "DELETE" },
        ]) {
          assertError(await http.send({ ...request, key }), missing);
        }
      }
      assert.deepEqual((await client.conversations.items.list(id)).data, listed.data);
    },
  },
];
