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
      engines.play({
        scores: ({ input }) => input.map((parts) => ({ violence: JSON.stringify(parts).includes("bad") ? 1 : 0 })),
      });
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
];
