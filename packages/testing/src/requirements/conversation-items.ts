import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CONVERSATIONS, refused } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type InputItem = OpenAI.Responses.ResponseInputItem;

const say = (text: string): InputItem => ({ role: "user", content: text });
const ids = (items: readonly { id?: string | null }[]) => items.map(({ id }) => id);

/** What clients may put into a conversation besides messages, each in its shortest form. */
const KINDS: readonly InputItem[] = [
  { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" },
  { type: "function_call_output", call_id: "call_1", output: [{ type: "input_text", text: "42" }] },
  { type: "custom_tool_call", call_id: "call_2", name: "g", input: "x" },
  { type: "custom_tool_call_output", call_id: "call_2", output: "y" },
  { type: "reasoning", id: "rs_kit", summary: [{ type: "summary_text", text: "Hm." }] },
  { type: "compaction", encrypted_content: "c" },
  { type: "image_generation_call", id: "ig_kit", result: null, status: "failed" },
  { type: "code_interpreter_call", id: "ci_kit", code: "1", container_id: "c", status: "completed", outputs: null },
  { type: "file_search_call", id: "fs_kit", queries: ["q"], status: "completed" },
  { type: "web_search_call", id: "ws_kit", status: "completed", action: { type: "search", query: "q" } },
  { type: "computer_call", id: "cu_kit", call_id: "call_3", status: "completed", pending_safety_checks: [] },
  { type: "computer_call_output", call_id: "call_3", output: { type: "computer_screenshot", file_id: "file-1" } },
  { type: "local_shell_call_output", id: "lsho_kit", output: "ok" },
  { type: "shell_call", call_id: "call_4", action: { commands: ["ls"] } },
  { type: "apply_patch_call", call_id: "call_5", status: "completed", operation: { type: "delete_file", path: "a" } },
  { type: "apply_patch_call_output", call_id: "call_5", status: "completed" },
  { type: "mcp_list_tools", id: "mcpl_kit", server_label: "s", tools: [] },
  { type: "mcp_approval_request", id: "mcpr_kit", server_label: "s", name: "t", arguments: "{}" },
  { type: "mcp_approval_response", approval_request_id: "mcpr_kit", approve: true },
  { type: "mcp_call", id: "mcp_kit", server_label: "s", name: "t", arguments: "{}" },
];

/** `[item, param in the error]` */
const WRONG: readonly (readonly [unknown, string])[] = [
  ["text", "items[1]"],
  [{}, "items[1].role"],
  [{ role: "user" }, "items[1].content"],
  [{ role: "narrator", content: "x" }, "items[1].role"],
  [{ type: "telegram" }, "items[1].type"],
  [{ role: "user", content: [{ type: "output_text", text: "x" }] }, "items[1].content[0].type"],
  [{ type: "function_call", call_id: "c", name: "f" }, "items[1].arguments"],
  [{ type: "function_call_output", call_id: "c", output: 5 }, "items[1].output"],
  [{ type: "item_reference", id: "msg_1" }, "items[1].type"],
  [{ type: "compaction_trigger" }, "items[1].type"],
];

async function begin({ client }: RequirementContext, ...items: InputItem[]): Promise<string> {
  return (await client.conversations.create({ items })).id;
}

export const conversationItemsRequirements: readonly Requirement[] = [
  {
    id: "conversation-items.create",
    title: "Added items come back in their order, each with an id and its text as a part, and are in the conversation.",
    reference: PAGES.conversationCreateItems,
    operations: ["createConversationItems"],
    async run(context) {
      const id = await begin(context);
      const { items } = context.client.conversations;
      const list = await items.create(id, { items: [say("one"), { role: "assistant", content: "two" }] });
      const [one, two] = list.data;
      const rest = { type: "message", status: "completed" };
      assert.deepEqual(
        { ...list },
        {
          object: "list",
          data: [
            { ...rest, id: one?.id, role: "user", content: [{ type: "input_text", text: "one" }] },
            {
              ...rest,
              id: two?.id,
              role: "assistant",
              content: [{ type: "output_text", text: "two", annotations: [], logprobs: [] }],
            },
          ],
          first_id: one?.id,
          last_id: two?.id,
          has_more: false,
        },
      );
      assert.match(one?.id ?? "", /^msg_\w+$/);
      assert.deepEqual((await items.list(id, { order: "asc" })).data, list.data);
    },
  },
  {
    id: "conversation-items.kinds",
    title: "Every kind of item is kept as it was sent, with an id where it had none.",
    reference: PAGES.conversationCreateItems,
    operations: ["createConversationItems", "listConversationItems"],
    async run(context) {
      const id = await begin(context, ...KINDS);
      const { data } = await context.client.conversations.items.list(id, { order: "asc", limit: 100 });
      for (const [index, kind] of KINDS.entries()) {
        assert.partialDeepStrictEqual(data[index] as object, kind);
        assert.ok(data[index]?.id, `${kind.type} has no id`);
      }
      assert.equal(data.length, KINDS.length);
    },
  },
  {
    id: "conversation-items.create.refused",
    title: "An item that is none is a 400 that names the place, and none of its neighbours is added.",
    reference: PAGES.conversationCreateItems,
    operations: ["createConversation", "createConversationItems"],
    async run(context) {
      const id = await begin(context);
      const path = `${CONVERSATIONS}/${id}/items`;
      for (const [item, param] of WRONG) {
        await refused(context, { path, body: { items: [say("x"), item] } }, { status: 400, param });
        await refused(context, { path: CONVERSATIONS, body: { items: [say("x"), item] } }, { status: 400, param });
      }
      await refused(context, { path, body: {} }, { status: 400, param: "items" });
      assert.deepEqual((await context.client.conversations.items.list(id)).data, []);
    },
  },
  {
    id: "conversation-items.create.twenty",
    title: "Twenty items can be added at once; one more is a 400.",
    reference: PAGES.conversationCreateItems,
    operations: ["createConversation", "createConversationItems"],
    async run(context) {
      const twenty = Array.from({ length: 20 }, (_, i) => say(`${i}`));
      const id = await begin(context, ...twenty);
      const tooMany = { status: 400, code: "array_above_max_length", param: "items" };
      for (const path of [CONVERSATIONS, `${CONVERSATIONS}/${id}/items`]) {
        await refused(context, { path, body: { items: [...twenty, say("20")] } }, tooMany);
      }
    },
  },
  {
    id: "conversation-items.create.duplicate",
    title: "An id that the conversation has already, or that is sent twice, is a 400, and nothing is added.",
    reference: PAGES.conversationCreateItems,
    operations: ["createConversationItems", "listConversationItems"],
    async run(context) {
      const known: InputItem = { type: "reasoning", id: "rs_once", summary: [] };
      const path = `${CONVERSATIONS}/${await begin(context, known)}/items`;
      for (const items of [
        [say("x"), known],
        [
          { ...known, id: "rs_twice" },
          { ...known, id: "rs_twice" },
        ],
      ]) {
        await refused(context, { path, body: { items } }, { status: 400, param: "items[1].id", message: /Duplicate/ });
      }
      const list = (await context.http.send({ path })).json() as { data: { id: string }[] };
      assert.deepEqual(ids(list.data), ["rs_once"]);
    },
  },
  {
    id: "conversation-items.list",
    title: "The list is the newest first unless asked otherwise; the SDK pages through it to its end.",
    reference: PAGES.conversationListItems,
    operations: ["listConversationItems"],
    async run(context) {
      const { client, http } = context;
      const id = await begin(context, say("1"), say("2"), say("3"));
      const all = ids((await client.conversations.items.list(id, { order: "asc" })).data);
      const paged: (string | null | undefined)[] = [];
      for await (const item of client.conversations.items.list(id, { limit: 2 })) paged.push(item.id);
      assert.deepEqual(paged, all.toReversed());
      const path = `${CONVERSATIONS}/${id}/items`;
      const { data, ...page } = (await http.send({ path: `${path}?order=asc&limit=1&after=${all[0]}` })).json() as {
        data: unknown[];
      };
      assert.equal(data.length, 1);
      assert.deepEqual(page, { object: "list", first_id: all[1], last_id: all[1], has_more: true });
      for (const [query, param] of [
        ["limit=0", "limit"],
        ["limit=101", "limit"],
        ["order=down", "order"],
        ["after=msg_none", "after"],
        ["include[]=everything", "include[0]"],
      ]) {
        assertError(await http.send({ path: `${path}?${query}` }), { status: 400, param });
      }
    },
  },
  {
    id: "conversation-items.retrieve",
    title: "An item is retrieved as it was added; an unknown one, and one of another conversation, is a 404.",
    reference: PAGES.conversationGetItem,
    operations: ["getConversationItem"],
    async run(context) {
      const { client, http } = context;
      const conversation_id = await begin(context, say("Hello"));
      const [item] = (await client.conversations.items.list(conversation_id)).data;
      const itemId = item?.id ?? "";
      assert.deepEqual({ ...(await client.conversations.items.retrieve(itemId, { conversation_id })) }, { ...item });
      const elsewhere = await begin(context);
      for (const path of [`${elsewhere}/items/${itemId}`, `${conversation_id}/items/msg_none`]) {
        const message = /^Item with id '\w+' not found\.$/;
        assertError(await http.send({ path: `${CONVERSATIONS}/${path}` }), { status: 404, code: null, message });
      }
    },
  },
  {
    id: "conversation-items.include",
    title: "Large and sensitive fields are shown where the request includes them, and only there.",
    reference: PAGES.conversationListItems,
    operations: ["createConversationItems", "listConversationItems", "getConversationItem"],
    async run(context) {
      const { items } = context.client.conversations;
      const thought: InputItem = { type: "reasoning", id: "rs_kit", summary: [], encrypted_content: "cipher" };
      const seen: InputItem = {
        role: "user",
        content: [{ type: "input_image", detail: "auto", image_url: "https://kit.test/a.png" }],
      };
      const include = ["reasoning.encrypted_content", "message.input_image.image_url"] as const;
      const conversation_id = await begin(context);
      const added = await items.create(conversation_id, { items: [thought, seen], include: [...include] });
      const shown = /cipher.*a\.png/s;
      assert.match(JSON.stringify(added.data), shown);
      const asked = { order: "asc" as const, include: [...include] };
      assert.match(JSON.stringify((await items.list(conversation_id, asked)).data), shown);
      assert.doesNotMatch(JSON.stringify((await items.list(conversation_id)).data), /cipher|a\.png/);
      const one = await items.retrieve("rs_kit", { conversation_id });
      assert.ok(!("encrypted_content" in one));
    },
  },
  {
    id: "conversation-items.delete",
    title: "Deleting an item answers with the conversation, and the rest of its items stays.",
    reference: PAGES.conversationDeleteItem,
    operations: ["deleteConversationItem"],
    async run(context) {
      const { client, http } = context;
      const conversation_id = await begin(context, say("1"), say("2"));
      const before = ids((await client.conversations.items.list(conversation_id, { order: "asc" })).data);
      const deleted = await client.conversations.items.delete(before[0] ?? "", { conversation_id });
      assert.deepEqual({ ...deleted }, { ...(await client.conversations.retrieve(conversation_id)) });
      assert.deepEqual(ids((await client.conversations.items.list(conversation_id)).data), [before[1]]);
      const path = `${CONVERSATIONS}/${conversation_id}/items/${before[0]}`;
      assertError(await http.send({ path, method: "DELETE" }), { status: 404 });
    },
  },
];
