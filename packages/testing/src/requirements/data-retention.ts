import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, COMPACT, CONVERSATIONS, RESPONSES, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { all, newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const ORGANIZATION = "/organization/data_retention";
const ZERO = "zero_data_retention";
const MONITORED = "modified_abuse_monitoring";
const OF_ORGANIZATION = ["retrieve-organization-data-retention", "update-organization-data-retention"];
const OF_PROJECT = ["retrieve-project-data-retention", "update-project-data-retention"];

const ofOrganization = (type: string) => ({ object: "organization.data_retention", type });
const ofProject = (type: string) => ({ object: "project.data_retention", type });

/** A project of the requirement's own, with zero data retention. */
async function zeroAccount(context: RequirementContext) {
  const account = await newAccount(context);
  const { dataRetention } = context.client.admin.organization.projects;
  await dataRetention.update(account.project.id, { retention_type: ZERO });
  return { ...account, client: withKey(context, account.key.value) };
}

/** What the response says of itself: the SDK's types leave it out. */
function isStored(response: OpenAI.Responses.Response): boolean | undefined {
  return (response as { store?: boolean }).store;
}

/** Changes what holds for the organization, for as long as the work takes. */
async function withOrganization(context: RequirementContext, work: () => Promise<void>): Promise<void> {
  const { dataRetention } = context.client.admin.organization;
  await dataRetention.update({ retention_type: ZERO });
  try {
    await work();
  } finally {
    await dataRetention.update({ retention_type: MONITORED });
  }
}

export const dataRetentionRequirements: readonly Requirement[] = [
  {
    id: "data-retention.project.retrieve",
    title: "A project leaves its data retention to the organization until it is given one of its own.",
    reference: PAGES.projectRetrieve,
    operations: ["retrieve-project-data-retention"],
    async run(context) {
      const { id } = await newProject(context);
      const { dataRetention } = context.client.admin.organization.projects;
      assert.deepEqual({ ...(await dataRetention.retrieve(id)) }, ofProject("organization_default"));
    },
  },
  {
    id: "data-retention.project.update",
    title: "A project is given each type of data retention that there is for one, and told it again.",
    reference: PAGES.projectRetrieve,
    operations: ["update-project-data-retention"],
    async run(context) {
      const { id } = await newProject(context);
      const { dataRetention } = context.client.admin.organization.projects;
      for (const retention_type of [ZERO, MONITORED, "none", "organization_default"] as const) {
        assert.deepEqual({ ...(await dataRetention.update(id, { retention_type })) }, ofProject(retention_type));
        assert.deepEqual({ ...(await dataRetention.retrieve(id)) }, ofProject(retention_type));
      }
    },
  },
  {
    id: "data-retention.organization.retrieve",
    title: "An organization of which nothing was said stores what it is asked to.",
    reference: PAGES.administration,
    operations: ["retrieve-organization-data-retention"],
    async run({ client }) {
      const { dataRetention } = client.admin.organization;
      assert.deepEqual({ ...(await dataRetention.retrieve()) }, ofOrganization(MONITORED));
    },
  },
  {
    id: "data-retention.organization.update",
    title: "What is set for the organization holds for the projects that leave it to that, and for no others.",
    reference: PAGES.administration,
    operations: ["update-organization-data-retention"],
    async run(context) {
      const { dataRetention, projects } = context.client.admin.organization;
      const [follows, exempt] = [await newAccount(context), await newAccount(context)];
      await projects.dataRetention.update(exempt.project.id, { retention_type: "none" });
      const stored = async (apiKey: string) => {
        return isStored(await withKey(context, apiKey).responses.create({ model: MODELS.chat, input: "hi" }));
      };
      assert.equal(await stored(follows.key.value), true);
      await withOrganization(context, async () => {
        assert.deepEqual({ ...(await dataRetention.retrieve()) }, ofOrganization(ZERO));
        assert.equal(await stored(follows.key.value), false);
        assert.equal(await stored(exempt.key.value), true);
      });
      assert.deepEqual({ ...(await dataRetention.retrieve()) }, ofOrganization(MONITORED));
      assert.equal(await stored(follows.key.value), true);
    },
  },
  {
    id: "data-retention.zero.store",
    title: "With zero data retention `store` is false, whatever the request says: nothing is there afterwards.",
    reference: PAGES.responses,
    operations: ["update-project-data-retention", "createResponse", "createChatCompletion"],
    async run(context) {
      const { client } = await zeroAccount(context);
      for (const model of [MODELS.chat, MODELS.engine]) {
        const response = await client.responses.create({ model, input: "hi", store: true });
        assert.equal(isStored(response), false);
        await assert.rejects(client.responses.retrieve(response.id), { status: 404 });
        const streamed = await client.responses.create({ model, input: "hi", store: true, stream: true });
        for await (const event of streamed) {
          if (event.type !== "response.completed") continue;
          assert.equal(isStored(event.response), false);
          await assert.rejects(client.responses.retrieve(event.response.id), { status: 404 });
        }
        const messages = [{ role: "user", content: "hi" }] as const;
        const asked = { model, messages: [...messages], store: true, metadata: { topic: "trees" } };
        const completion = await client.chat.completions.create(asked);
        await assert.rejects(client.chat.completions.retrieve(completion.id), { status: 404 });
        for await (const _ of await client.chat.completions.create({ ...asked, stream: true }));
      }
      assert.deepEqual((await client.chat.completions.list()).data, []);
    },
  },
  {
    id: "data-retention.zero.upstream",
    title: "With zero data retention nobody behind the outlet is asked to store anything either.",
    reference: PAGES.chat,
    operations: ["update-project-data-retention", "createChatCompletion"],
    async run(context) {
      const { client } = await zeroAccount(context);
      const messages = [{ role: "user", content: "hi" }] as const;
      const seen: string[] = [];
      context.engines.play({
        upstream: async ({ body }) => {
          seen.push(typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined));
          const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "ho" } }];
          const answer = { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "m", choices };
          return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) };
        },
      });
      await client.chat.completions.create({
        model: MODELS.upstream,
        messages: [...messages],
        store: true,
        metadata: { topic: "trees" },
      });
      assert.equal(seen.length, 1);
      const { store, metadata } = JSON.parse(seen[0] ?? "") as { store?: unknown; metadata?: unknown };
      assert.deepEqual([store, metadata], [undefined, undefined]);
    },
  },
  {
    id: "data-retention.zero.refused",
    title:
      "What cannot be had without storing is a 400 that names it: `previous_response_id`, `conversation`, `background`, conversations.",
    reference: PAGES.responses,
    operations: [
      "update-project-data-retention",
      "createResponse",
      "Getinputtokencounts",
      "Compactconversation",
      "createConversation",
      "updateConversation",
      "createConversationItems",
      "updateChatCompletion",
    ],
    async run(context) {
      const { project, key, client } = await zeroAccount(context);
      const { dataRetention } = context.client.admin.organization.projects;
      await dataRetention.update(project.id, { retention_type: "none" });
      // Of the time before.
      const response = await client.responses.create({ model: MODELS.chat, input: "hi" });
      const conversation = await client.conversations.create({ items: [{ role: "user", content: "hi" }] });
      const messages = [{ role: "user", content: "hi" }] as const;
      const completion = await client.chat.completions.create({
        model: MODELS.chat,
        messages: [...messages],
        store: true,
      });
      await dataRetention.update(project.id, { retention_type: ZERO });
      const asked = context.engines.calls.length;
      const code = "unsupported_parameter";
      for (const [param, value] of [
        ["previous_response_id", response.id],
        ["conversation", conversation.id],
        ["background", true],
      ] as const) {
        const body = responseBody({ [param]: value });
        const reply = await context.http.send({ path: RESPONSES, body, key: key.value });
        assertError(reply, { status: 400, param, code });
      }
      for (const path of [COMPACT, `${RESPONSES}/input_tokens`]) {
        const body = { model: MODELS.chat, previous_response_id: response.id };
        const reply = await context.http.send({ path, body, key: key.value });
        assertError(reply, { status: 400, param: "previous_response_id", code });
      }
      const of = `${CONVERSATIONS}/${conversation.id}`;
      for (const request of [
        { path: CONVERSATIONS, body: { items: [{ role: "user", content: "hi" }] } },
        { path: of, body: { metadata: { topic: "trees" } } },
        { path: `${of}/items`, body: { items: [{ role: "user", content: "hi" }] } },
        { path: `${CHAT}/${completion.id}`, body: { metadata: { topic: "trees" } } },
      ]) {
        const reply = await context.http.send({ ...request, key: key.value });
        assertError(reply, { status: 400, code: ZERO });
      }
      assert.equal(context.engines.calls.length, asked, "an engine was asked");
      // It can still be read, and be deleted.
      assert.equal((await client.responses.retrieve(response.id)).id, response.id);
      assert.deepEqual((await client.conversations.retrieve(conversation.id)).metadata, {});
      assert.equal((await client.conversations.items.list(conversation.id)).data.length, 1);
      await client.chat.completions.delete(completion.id);
      await client.conversations.delete(conversation.id);
      await client.responses.delete(response.id);
    },
  },
  {
    id: "data-retention.refused",
    title: "A type that is none, or that only OpenAI can give, is a 400 that names it, and nothing changes.",
    reference: PAGES.administration,
    operations: [...OF_ORGANIZATION, ...OF_PROJECT],
    async run(context) {
      const { dataRetention, projects } = context.client.admin.organization;
      const { id } = await newProject(context);
      const path = `${PROJECTS}/${id}/data_retention`;
      const param = "retention_type";
      for (const at of [path, ORGANIZATION]) {
        for (const [body, expected] of [
          [{}, { param, code: "missing_required_parameter" }],
          [{ retention_type: "forever" }, { param, code: "invalid_value" }],
          [{ retention_type: 30 }, { param, code: "invalid_type" }],
          [{ retention_type: "enhanced_zero_data_retention" }, { param, code: "unsupported_value" }],
          [{ retention_type: "enhanced_modified_abuse_monitoring" }, { param, code: "unsupported_value" }],
          [
            { retention_type: ZERO, days: 7 },
            { param: "days", code: "unknown_parameter" },
          ],
        ] as const) {
          await refusedAdmin(context, { path: at, body }, { status: 400, ...expected });
        }
      }
      for (const retention_type of ["none", "organization_default"]) {
        await refusedAdmin(context, { path: ORGANIZATION, body: { retention_type } }, { status: 400, param });
      }
      for (const request of [
        { path: `${PROJECTS}/proj_none/data_retention` },
        { path: `${PROJECTS}/proj_none/data_retention`, body: { retention_type: ZERO } },
      ]) {
        await refusedAdmin(context, request, { status: 404 });
      }
      await projects.archive(id);
      await refusedAdmin(context, { path, body: { retention_type: ZERO } }, { status: 400, code: "project_archived" });
      assert.equal((await projects.dataRetention.retrieve(id)).type, "organization_default");
      assert.equal((await dataRetention.retrieve()).type, MONITORED);
    },
  },
  {
    id: "data-retention.audited",
    title: "Who has changed what is kept, and to what, is in the audit log.",
    reference: PAGES.auditLogList,
    operations: ["update-organization-data-retention", "update-project-data-retention"],
    async run(context) {
      const { auditLogs, projects } = context.client.admin.organization;
      const { id } = await newProject(context);
      await projects.dataRetention.update(id, { retention_type: ZERO });
      const [last] = await all(auditLogs.list({ project_ids: [id], limit: 1 }));
      const changed = { data_retention: { object: "project.data_retention", type: ZERO } };
      assert.deepEqual(last?.["project.updated"], { id, changes_requested: changed });
      await withOrganization(context, async () => {
        const [first] = (await auditLogs.list({ event_types: ["organization.updated"], limit: 1 })).data;
        assert.deepEqual(first?.["organization.updated"]?.changes_requested, {
          data_retention: { object: "organization.data_retention", type: ZERO },
        });
      });
    },
  },
];
