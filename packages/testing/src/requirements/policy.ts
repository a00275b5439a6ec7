import assert from "node:assert/strict";
import {
  CHAT,
  COMPACT,
  COMPLETIONS,
  CONVERSATIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  RESPONSES,
  responseBody,
} from "../kit/ask.ts";
import { KEYS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const BAD = "something bad";
const messages = [{ role: "user", content: BAD }];
const items = [{ type: "message", role: "user", content: BAD }];
const headers = { authorization: `Bearer ${KEYS.policed}` };

const SENT = [
  [CHAT, chatBody({ messages }), "messages"],
  [CHAT, chatBody({ messages, stream: true }), "messages"],
  [COMPLETIONS, completionBody({ prompt: BAD }), "prompt"],
  [EMBEDDINGS, embeddingBody({ input: BAD }), "input"],
  [RESPONSES, responseBody({ input: BAD }), "input"],
  [COMPACT, responseBody({ input: BAD }), "input"],
  [CONVERSATIONS, { items }, "items"],
] as const;

const strict = ({ input }: { input: readonly unknown[] }) =>
  input.map((parts) => ({ violence: JSON.stringify(parts).includes("bad") ? 1 : 0 }));
const screened = { authorization: `Bearer ${KEYS.screened}` };
const [FIRST, SECOND] = ["Good it was. ", "Then it was bad."];

const ANSWERED = [
  [CHAT, chatBody()],
  [COMPLETIONS, completionBody()],
  [RESPONSES, responseBody()],
] as const;

interface Answer {
  choices?: { finish_reason: string | null; message?: { content: string }; text?: string }[];
  status?: string;
  incomplete_details?: { reason: string };
  output?: { status: string; content: { text: string }[] }[];
}

export const policyRequirements: readonly Requirement[] = [
  {
    id: "policy.input",
    title:
      "Input that a project's policy blocks is a 400 before a model is asked or anything is kept; other projects are let be.",
    reference: PAGES.moderationGuide,
    operations: [
      "createChatCompletion",
      "createCompletion",
      "createEmbedding",
      "createResponse",
      "Compactconversation",
      "createConversation",
    ],
    async run({ http, engines }) {
      engines.play({ scores: strict });
      for (const [path, body, param] of SENT) {
        const reply = await http.send({ path, body, headers });
        const { error } = reply.json() as { error: { code: string; param: string } };
        assert.deepEqual([path, reply.status, error.code, error.param], [path, 400, "moderation_blocked", param]);
      }
      assert.ok(engines.calls.every(({ ability }) => ability === "scores"));
      assert.equal((await http.send({ path: CHAT, body: chatBody(), headers })).status, 200);
      assert.equal((await http.send({ path: CHAT, body: chatBody({ messages }) })).status, 200);
    },
  },
  {
    id: "policy.output",
    title:
      "An answer that a project's policy blocks ends in `content_filter`, a response incomplete, without its text.",
    reference: PAGES.moderationGuide,
    operations: ["createChatCompletion", "createCompletion", "createResponse"],
    async run({ http, engines }) {
      const say = () => `${FIRST}${SECOND}`;
      engines.play({ chat: say, text: say, scores: strict });
      for (const [path, body] of ANSWERED) {
        const reply = await http.send({ path, body, headers: screened });
        assert.equal(reply.status, 200);
        const { choices, ...response } = reply.json() as Answer;
        if (path === RESPONSES) {
          const { status, incomplete_details, output } = response;
          assert.deepEqual([status, incomplete_details?.reason, output], ["incomplete", "content_filter", []]);
        } else {
          const [choice] = choices ?? [];
          const said = choice?.text ?? choice?.message?.content;
          assert.deepEqual([choice?.finish_reason, said], ["content_filter", ""]);
        }
      }
    },
  },
  {
    id: "policy.output.stream",
    title: "A stream that a project's policy blocks ends at the window that is flagged; what passed before was sent.",
    reference: PAGES.moderationGuide,
    operations: ["createChatCompletion", "createCompletion", "createResponse"],
    async run({ http, engines }) {
      const say = async function* () {
        yield FIRST;
        yield SECOND;
      };
      engines.play({ chat: say, text: say, scores: strict });
      for (const [path, body] of ANSWERED) {
        const reply = await http.send({ path, body: { ...body, stream: true }, headers: screened });
        assert.deepEqual([path, reply.status, reply.text.includes(SECOND)], [path, 200, false]);
        const data = reply.text
          .split("\n")
          .filter((line) => line.startsWith("data: {"))
          .map((line) => JSON.parse(line.slice("data: ".length)) as Answer & { response?: Answer });
        if (path === RESPONSES) {
          const { status, incomplete_details, output } = data.at(-1)?.response ?? {};
          assert.deepEqual([status, incomplete_details?.reason], ["incomplete", "content_filter"]);
          assert.deepEqual([output?.[0]?.status, output?.[0]?.content[0]?.text], ["incomplete", FIRST]);
        } else {
          assert.ok(reply.text.includes(FIRST));
          const reasons = data.flatMap(({ choices = [] }) => choices.map((choice) => choice.finish_reason ?? []));
          assert.deepEqual(reasons.flat(), ["content_filter"]);
        }
      }
    },
  },
  {
    id: "policy.flag",
    title: "Input that a project's policy flags goes through, and the `outlet-flagged` header says as what.",
    reference: PAGES.moderationGuide,
    operations: ["createChatCompletion"],
    async run({ http, engines }) {
      engines.play({ chat: () => "Fine.", scores: strict });
      const flagged = await http.send({ path: CHAT, body: chatBody({ messages }), headers: screened });
      assert.deepEqual([flagged.status, flagged.headers["outlet-flagged"]], [200, 'input="violence"']);
      const good = await http.send({ path: CHAT, body: chatBody(), headers: screened });
      assert.deepEqual([good.status, good.headers["outlet-flagged"]], [200, undefined]);
    },
  },
];
