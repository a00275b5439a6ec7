import assert from "node:assert/strict";
import { CHAT, chatBody, ok, refused } from "../kit/ask.ts";
import { KEYS, MAX_BODY_BYTES } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createChatCompletion", "createCompletion", "createEmbedding"];
const reference = PAGES.errors;
const TOO_LARGE = { status: 413 };

export const limitsRequirements: readonly Requirement[] = [
  {
    id: "limits.body",
    title: "A body over the limit is a 413 in the envelope, and the client gets to read it.",
    reference,
    operations,
    async run(context) {
      await refused(context, { path: CHAT, body: oversized() }, TOO_LARGE);
      await ok(context, CHAT, chatBody());
    },
  },
  {
    id: "limits.body.chunked",
    title: "A body over the limit whose length was never announced is a 413 in the envelope, too.",
    reference,
    operations,
    needs: ["socket"],
    async run(context) {
      await refused(context, { path: CHAT, body: oversized(), chunked: true }, TOO_LARGE);
    },
  },
  {
    id: "limits.body.announced",
    title: "A length over the limit is refused when it is announced, before the body is sent.",
    reference,
    operations,
    needs: ["socket"],
    async run({ http, engines }) {
      const answer = await http.raw(head(http.baseURL, { "content-length": "9999999999" }));
      assert.match(answer, /^HTTP\/1\.1 413 /);
      const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as { error: object };
      assert.deepEqual(Object.keys(body.error).toSorted(), ["code", "message", "param", "type"]);
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "limits.body.cut-off",
    title: "A client that leaves half-way through its own body reaches no engine, and the server serves on.",
    reference,
    operations,
    needs: ["socket"],
    async run(context) {
      const { http, engines } = context;
      const body = JSON.stringify(chatBody());
      await http.raw(head(http.baseURL, { "content-length": String(body.length) }) + body.slice(0, -5), { end: true });
      await ok(context, CHAT, chatBody());
      assert.equal(engines.calls.length, 1, "a body that was cut off reached the engine");
    },
  },
];

function oversized(): string {
  return JSON.stringify(chatBody({ user: "x".repeat(MAX_BODY_BYTES * 1.5) }));
}

function head(url: URL, headers: Record<string, string>): string {
  const all = {
    host: url.host,
    authorization: `Bearer ${KEYS.organization}`,
    "content-type": "application/json",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${url.pathname.replace(/\/$/, "")}${CHAT} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
