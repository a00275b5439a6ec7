import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CALLER_HEADER, KEYS, MODELS, OTHER_ADMIN } from "../kit/models.ts";
import { newAccount, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const DAY = 86_400;
const COMPLETIONS = "/organization/usage/completions";
const REPORTS = ["usage-completions", "usage-embeddings", "usage-moderations", "usage-costs"];
const PATHS = [COMPLETIONS, "/organization/usage/embeddings", "/organization/usage/moderations", "/organization/costs"];
const EVERY_GROUP = ["project_id", "api_key_id", "user_id"] as const;

const today = () => Math.floor(Date.now() / 1000 / DAY) * DAY;

const ask = {
  model: MODELS.chat,
  messages: [{ role: "user", content: "Hello" }],
} satisfies OpenAI.ChatCompletionCreateParams;

/** A project of the requirement's own, whose key has just made calls; and what a result says of it. */
async function spender(context: RequirementContext, calls: (client: OpenAI) => Promise<void>) {
  const { project, account, key } = await newAccount(context);
  await calls(withKey(context, key.value));
  return { project_ids: [project.id], who: { project_id: project.id, user_id: account.id, api_key_id: key.id } };
}

/** What the only bucket of today has. */
function resultsOf<Result>({ data }: { data: readonly { start_time: number; results: readonly Result[] }[] }) {
  assert.deepEqual(
    data.map(({ start_time }) => start_time),
    [today()],
  );
  return data[0]?.results;
}

export const usageRequirements: readonly Requirement[] = [
  {
    id: "usage.completions",
    title: "Completions are counted, streamed and whole, with the tokens that their replies tell of.",
    reference: PAGES.usageCompletions,
    operations: ["usage-completions"],
    async run(context) {
      let told: OpenAI.CompletionUsage | undefined;
      const { project_ids, who } = await spender(context, async (client) => {
        told = (await client.chat.completions.create(ask)).usage;
        for await (const _ of await client.chat.completions.create({ ...ask, stream: true }));
      });
      const { usage } = context.client.admin.organization;
      const group_by = [...EVERY_GROUP, "model" as const, "batch" as const];
      const results = resultsOf(await usage.completions({ start_time: today(), project_ids, group_by }));
      assert.deepEqual(results, [
        {
          object: "organization.usage.completions.result",
          num_model_requests: 2,
          input_tokens: (told?.prompt_tokens ?? 0) * 2,
          input_cached_tokens: (told?.prompt_tokens_details?.cached_tokens ?? 0) * 2,
          input_audio_tokens: 0,
          output_tokens: (told?.completion_tokens ?? 0) * 2,
          output_audio_tokens: 0,
          ...who,
          model: MODELS.chat,
          batch: false,
        },
      ]);
    },
  },
  {
    id: "usage.embeddings",
    title: "Embeddings are counted by themselves.",
    reference: PAGES.usageEmbeddings,
    operations: ["usage-embeddings"],
    async run(context) {
      let told = 0;
      const { project_ids } = await spender(context, async (client) => {
        await client.chat.completions.create(ask);
        told = (await client.embeddings.create({ model: MODELS.vectors, input: "Hello" })).usage.prompt_tokens;
      });
      const { usage } = context.client.admin.organization;
      const [result, ...others] = resultsOf(await usage.embeddings({ start_time: today(), project_ids })) ?? [];
      assert.deepEqual(others, []);
      assert.deepEqual(result, {
        object: "organization.usage.embeddings.result",
        num_model_requests: 1,
        input_tokens: told,
        project_id: null,
        user_id: null,
        api_key_id: null,
        model: null,
      });
    },
  },
  {
    id: "usage.moderations",
    title: "Moderations are counted by themselves.",
    reference: PAGES.usageModerations,
    operations: ["usage-moderations"],
    async run(context) {
      const { project_ids } = await spender(context, async (client) => {
        await client.moderations.create({ model: MODELS.moderator, input: "Hello" });
      });
      const { usage } = context.client.admin.organization;
      const query = { start_time: today(), project_ids, group_by: ["model" as const] };
      const [result] = resultsOf(await usage.moderations(query)) ?? [];
      assert.equal((result as { num_model_requests?: number } | undefined)?.num_model_requests, 1);
      assert.equal((result as { model?: string } | undefined)?.model, MODELS.moderator);
    },
  },
  {
    id: "usage.costs",
    title: "What was spent is told by day, in dollars, for each line item.",
    reference: PAGES.usageCosts,
    operations: ["usage-costs"],
    async run(context) {
      let told: OpenAI.CompletionUsage | undefined;
      const { project_ids, who } = await spender(context, async (client) => {
        told = (await client.chat.completions.create(ask)).usage;
      });
      const { usage } = context.client.admin.organization;
      const query = { start_time: today(), project_ids, group_by: [...EVERY_GROUP, "line_item" as const] };
      const results = resultsOf(await usage.costs(query));
      // A dollar for a million tokens read, two for a million written.
      const nanos = ((told?.prompt_tokens ?? 0) + (told?.completion_tokens ?? 0) * 2) * 1000;
      assert.deepEqual(results, [
        {
          object: "organization.costs.result",
          amount: { value: nanos / 1e9, currency: "usd" },
          line_item: MODELS.chat,
          ...who,
        },
      ]);
    },
  },
  {
    id: "usage.pages",
    title: "A report comes in pages of buckets, each once, those without usage too.",
    reference: PAGES.usageCompletions,
    operations: REPORTS,
    async run({ client }) {
      const { usage } = client.admin.organization;
      const start_time = today() - 9 * DAY;
      const asked = { start_time, end_time: today(), limit: 4 };
      const starts: number[] = [];
      const sizes: number[] = [];
      for (let page: string | undefined; ; ) {
        const part = await usage.completions({ ...asked, ...(page !== undefined && { page }) });
        assert.equal(part.object, "page");
        starts.push(...part.data.map((bucket) => bucket.start_time));
        sizes.push(part.data.length);
        assert.equal(part.has_more, part.next_page !== null);
        if (part.next_page === null) break;
        page = part.next_page;
      }
      assert.deepEqual(sizes, [4, 4, 1]);
      assert.deepEqual(
        starts,
        Array.from({ length: 9 }, (_, i) => start_time + i * DAY),
      );
      assert.equal((await usage.completions({ start_time, bucket_width: "1h" })).data.length, 24);
      assert.equal((await usage.embeddings({ start_time, bucket_width: "1m" })).data.length, 60);
      assert.equal((await usage.costs({ start_time })).data.length, 7);
    },
  },
  {
    id: "usage.refused",
    title:
      "A report without a start, with an end before it, a wrong width, group, limit or page is a 400 that names it.",
    reference: PAGES.usageCompletions,
    operations: REPORTS,
    async run(context) {
      for (const path of PATHS) {
        for (const [search, param] of [
          ["", "start_time"],
          ["?start_time=1&end_time=1", "end_time"],
          ["?start_time=x", "start_time"],
          ["?start_time=1&bucket_width=1w", "bucket_width"],
          ["?start_time=1&group_by=colour", "group_by[0]"],
          ["?start_time=1&limit=0", "limit"],
          ["?start_time=1&limit=181", "limit"],
          ["?start_time=1&page=other", "page"],
        ] as const) {
          await refusedAdmin(context, { path: path + search }, { status: 400, param });
        }
      }
    },
  },
  {
    id: "usage.home",
    title: "Calls of callers without an organization are in the report of the one that there is from the start.",
    reference: PAGES.usageCompletions,
    operations: ["usage-completions"],
    async run(context) {
      const { usage } = context.client.admin.organization;
      const query = { start_time: today(), api_key_ids: ["plain-holder"] };
      const requests = async () => {
        const [result] = resultsOf(await usage.completions(query)) ?? [];
        return (result as { num_model_requests?: number } | undefined)?.num_model_requests ?? 0;
      };
      const before = await requests();
      await withKey(context, KEYS.plain).chat.completions.create(ask);
      assert.equal(await requests(), before + 1);
    },
  },
  {
    id: "usage.organization",
    title: "An admin sees nothing of what other organizations have consumed.",
    reference: PAGES.usageCompletions,
    operations: REPORTS,
    async run(context) {
      await spender(context, async (client) => {
        await client.chat.completions.create(ask);
      });
      for (const path of PATHS) {
        const headers = { [CALLER_HEADER]: OTHER_ADMIN };
        const reply = await context.http.send({ path: `${path}?start_time=${today()}`, key: null, headers });
        assert.equal(reply.status, 200, reply.text);
        assert.deepEqual(resultsOf(JSON.parse(reply.text)), []);
      }
    },
  },
];
