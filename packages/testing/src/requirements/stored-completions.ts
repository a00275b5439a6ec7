import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, FULL_METADATA, ok, refused, streamedChat, WRONG_METADATA } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Metadata = Record<string, string>;

const MISSING = "chatcmpl-none";
/** Completions of other requirements are in the same list. */
const fresh = () => ({ run: crypto.randomUUID() });

function store(context: RequirementContext, metadata: Metadata, more: object = {}): Promise<OpenAI.ChatCompletion> {
  return ok(context, CHAT, chatBody({ store: true, metadata, ...more }));
}

export const storedCompletionsRequirements: readonly Requirement[] = [
  {
    id: "stored-chat.get",
    title: "A completion that was stored is there when its reply is, with its metadata and what was asked for.",
    reference: PAGES.chatGet,
    operations: ["getChatCompletion"],
    async run(context) {
      const metadata = fresh();
      const { http } = context;
      const sent = await http.send({
        path: CHAT,
        body: chatBody({ store: true, metadata, user: "ana", temperature: 0.5 }),
      });
      const completion = sent.json() as OpenAI.ChatCompletion;
      const stored = await context.client.chat.completions.retrieve(completion.id);
      assert.deepEqual(
        { ...stored },
        {
          ...completion,
          metadata,
          request_id: sent.headers["x-request-id"],
          frequency_penalty: null,
          input_user: "ana",
          presence_penalty: null,
          response_format: null,
          seed: null,
          temperature: 0.5,
          tool_choice: null,
          tools: null,
          top_p: null,
        },
      );
    },
  },
  {
    id: "stored-chat.stream",
    title: "A streamed completion is stored before its stream ends, under the stream's id; no engine is told of it.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "getChatCompletion"],
    async run(context) {
      const { chunks } = await streamedChat(context, { store: true, metadata: fresh() });
      const id = chunks[0]?.id ?? "";
      const { choices, usage } = await context.client.chat.completions.retrieve(id);
      assert.equal(choices[0]?.message.content, ANSWER);
      assert.equal(choices[0]?.finish_reason, "stop");
      assert.ok(usage);
      const { request } = context.engines.calls[0] ?? assert.fail("no engine was asked");
      assert.ok(!("store" in request || "metadata" in request), "the engine was told of it");
    },
  },
  {
    id: "stored-chat.upstream",
    title: "What an upstream answers is stored too, and the upstream is not asked to store it.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "getChatCompletion"],
    async run(context) {
      const answer = {
        id: "chatcmpl-upstream",
        object: "chat.completion",
        created: 1,
        model: "upstream-1",
        choices: [{ index: 0, message: { role: "assistant", content: "From afar." }, finish_reason: "stop" }],
      };
      let asked = "";
      context.engines.play({
        upstream: async ({ body }) => {
          asked = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
          return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) };
        },
      });
      const { id } = await store(context, fresh(), { model: MODELS.upstream });
      const stored = await context.client.chat.completions.retrieve(id);
      assert.equal(stored.choices[0]?.message.content, "From afar.");
      assert.ok(!/"store"|"metadata"/.test(asked), asked);
    },
  },
  {
    id: "stored-chat.only-on-request",
    title: "Nothing is stored that was not asked to be, or that failed.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "getChatCompletion"],
    async run(context) {
      const { http, engines } = context;
      for (const more of [{}, { store: false }, { store: null }]) {
        const { id } = await ok<OpenAI.ChatCompletion>(context, CHAT, chatBody(more));
        assertError(await http.send({ path: `${CHAT}/${id}` }), { status: 404 });
      }
      const metadata = fresh();
      engines.play({ chat: () => Promise.reject(new Error("kit: out of order")) });
      await http.send({ path: CHAT, body: chatBody({ store: true, metadata }) });
      const { data } = await context.client.chat.completions.list({ metadata });
      assert.deepEqual(data, []);
    },
  },
  {
    id: "stored-chat.list",
    title:
      "The list is the oldest first, filtered by model and by each metadata pair; the SDK pages through it to its end.",
    reference: PAGES.chatList,
    operations: ["listChatCompletions"],
    async run(context) {
      const { client, http } = context;
      const metadata = fresh();
      const ids: string[] = [];
      for (const turn of ["1", "2", "1"]) ids.push((await store(context, { ...metadata, turn })).id);
      await store(context, metadata, { model: MODELS.slashed });

      const paged: string[] = [];
      const pages = client.chat.completions.list({ limit: 2, model: MODELS.chat, metadata });
      for await (const { id } of pages) paged.push(id);
      assert.deepEqual(paged, ids);
      const query = `?metadata[run]=${metadata.run}&metadata[turn]=1&order=desc&limit=1`;
      const page = (await http.send({ path: CHAT + query })).json() as Record<string, unknown>;
      assert.deepEqual(Object.keys(page).toSorted(), ["data", "first_id", "has_more", "last_id", "object"]);
      assert.deepEqual([page.object, page.first_id, page.last_id, page.has_more], ["list", ids[2], ids[2], true]);
      const none = await http.send({ path: `${CHAT}?metadata[run]=${crypto.randomUUID()}` });
      assert.deepEqual(none.json(), { object: "list", data: [], first_id: null, last_id: null, has_more: false });
    },
  },
  {
    id: "stored-chat.list.alias",
    title:
      "What an alias answered is found by the alias, by the snapshot it stood for and by the model that answered, after an update too.",
    reference: PAGES.chatList,
    operations: ["listChatCompletions", "updateChatCompletion"],
    async run(context) {
      const { chat } = context.client;
      const metadata = fresh();
      const { id, model } = await store(context, metadata, { model: MODELS.stable });
      const found = async (metadata: Record<string, string>) => {
        for (const asked of [MODELS.stable, MODELS.pinned, model]) {
          const { data } = await chat.completions.list({ model: asked, metadata });
          assert.deepEqual(
            data.map((completion) => completion.id),
            [id],
            asked,
          );
        }
        assert.deepEqual((await chat.completions.list({ model: MODELS.chat, metadata })).data, []);
      };
      await found(metadata);
      const later = fresh();
      await chat.completions.update(id, { metadata: later });
      await found(later);
    },
  },
  {
    id: "stored-chat.list.bad-page",
    title:
      "A page out of bounds, an unknown order and a cursor that is not in the list are 400s that name the parameter.",
    reference: PAGES.chatList,
    operations: ["listChatCompletions", "getChatCompletionMessages"],
    async run(context) {
      const { id } = await store(context, fresh());
      for (const path of [CHAT, `${CHAT}/${id}/messages`]) {
        for (const [query, param] of [
          ["limit=0", "limit"],
          ["limit=101", "limit"],
          ["limit=few", "limit"],
          ["order=up", "order"],
          ["after=none", "after"],
        ]) {
          assertError(await context.http.send({ path: `${path}?${query}` }), { status: 400, param });
        }
      }
    },
  },
  {
    id: "stored-chat.update",
    title: "An update replaces the metadata, for the filters as well, and `null` empties it.",
    reference: PAGES.chatUpdate,
    operations: ["updateChatCompletion"],
    async run(context) {
      const { completions } = context.client.chat;
      const before = fresh();
      const { id } = await store(context, before);
      const updated = await completions.update(id, { metadata: { ...FULL_METADATA } });
      assert.deepEqual(updated.metadata, FULL_METADATA);
      assert.deepEqual({ ...(await completions.retrieve(id)) }, { ...updated });
      assert.deepEqual((await completions.list({ metadata: before })).data, []);
      assert.deepEqual((await completions.update(id, { metadata: null })).metadata, {});
    },
  },
  {
    id: "stored-chat.update.refused",
    title: "An update without metadata, with too much of it, or of anything else is a 400 that names the parameter.",
    reference: PAGES.chatUpdate,
    operations: ["createChatCompletion", "updateChatCompletion"],
    async run(context) {
      const path = `${CHAT}/${(await store(context, fresh())).id}`;
      context.engines.reset();
      await refused(context, { path, body: {} }, { status: 400, param: "metadata" });
      const another = { metadata: {}, model: "x" };
      await refused(context, { path, body: another }, { status: 400, code: "unknown_parameter", param: "model" });
      for (const [metadata, param] of WRONG_METADATA) {
        await refused(context, { path, body: { metadata } }, { status: 400, param });
        await refused(context, { path: CHAT, body: chatBody({ store: true, metadata }) }, { status: 400, param });
      }
    },
  },
  {
    id: "stored-chat.delete",
    title: "A deleted completion is gone, with its messages.",
    reference: PAGES.chatDelete,
    operations: ["deleteChatCompletion"],
    async run(context) {
      const { client, http } = context;
      const metadata = fresh();
      const { id } = await store(context, metadata);
      const deleted = await client.chat.completions.delete(id);
      assert.deepEqual({ ...deleted }, { id, object: "chat.completion.deleted", deleted: true });
      for (const path of [`${CHAT}/${id}`, `${CHAT}/${id}/messages`]) {
        assertError(await http.send({ path }), { status: 404 });
      }
      assert.deepEqual((await client.chat.completions.list({ metadata })).data, []);
    },
  },
  {
    id: "stored-chat.messages",
    title: "The messages that were answered are listed in their order, each with an id, its text and its parts.",
    reference: PAGES.chatMessages,
    operations: ["getChatCompletionMessages"],
    async run(context) {
      const { client } = context;
      const parts = [{ type: "text", text: "Hello" }];
      const messages = [
        { role: "system", content: "Be brief.", name: "host" },
        { role: "user", content: parts },
        { role: "user", content: "Again." },
      ];
      const { id } = await store(context, fresh(), { messages });
      const listed: Record<string, unknown>[] = [];
      for await (const message of client.chat.completions.messages.list(id, { limit: 2 })) listed.push({ ...message });
      const rest = { refusal: null };
      assert.deepEqual(listed, [
        { ...rest, id: listed[0]?.id, role: "system", content: "Be brief.", content_parts: null, name: "host" },
        { ...rest, id: listed[1]?.id, role: "user", content: null, content_parts: parts, name: null },
        { ...rest, id: listed[2]?.id, role: "user", content: "Again.", content_parts: null, name: null },
      ]);
      assert.equal(new Set(listed.map((message) => message.id)).size, 3);
      const newest = await client.chat.completions.messages.list(id, { limit: 1, order: "desc" });
      assert.deepEqual([newest.data[0]?.id, newest.has_more], [listed[2]?.id, true]);
    },
  },
  {
    id: "stored-chat.unknown",
    title: "An unknown completion and another caller's are the same 404, and remain what they were.",
    reference: PAGES.errors,
    operations: ["getChatCompletion", "updateChatCompletion", "deleteChatCompletion", "getChatCompletionMessages"],
    async run(context) {
      const { client, http } = context;
      const metadata = fresh();
      const { id } = await store(context, metadata);
      for (const [of, key] of [
        [MISSING, KEYS.organization],
        [id, KEYS.plain],
      ] as const) {
        const missing = { status: 404, code: null, message: new RegExp(`'${of}' not found`) };
        for (const request of [
          { path: `${CHAT}/${of}` },
          { path: `${CHAT}/${of}`, body: { metadata: {} } },
          { path: `${CHAT}/${of}`, method: "DELETE" },
          { path: `${CHAT}/${of}/messages` },
        ]) {
          assertError(await http.send({ ...request, key }), missing);
        }
      }
      assert.deepEqual((await client.chat.completions.retrieve(id)).metadata, metadata);
      const foreign = await http.send({ path: `${CHAT}?metadata[run]=${metadata.run}`, key: KEYS.plain });
      assert.deepEqual((foreign.json() as { data: unknown[] }).data, []);
    },
  },
];
