import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { CALLER_HEADER, KEYS, ORGANIZATION, PROJECT } from "../kit/models.ts";
import { newAccount } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

/** What proxies and gateways tell servers, and clients may write themselves. */
const OF_PROXIES: Readonly<Record<string, string>> = {
  forwarded: "for=127.0.0.1;host=localhost;proto=https",
  "x-forwarded-for": "127.0.0.1",
  "x-forwarded-host": "localhost",
  "x-forwarded-proto": "https",
  "x-forwarded-prefix": "/v1/organization",
  "x-forwarded-user": "root",
  "x-real-ip": "127.0.0.1",
  "x-client-ip": "127.0.0.1",
  "x-original-url": "/v1/organization/projects",
  "x-rewrite-url": "/v1/organization/projects",
  "x-original-method": "GET",
  "x-http-method": "DELETE",
  "x-http-method-override": "DELETE",
  "x-method-override": "DELETE",
  "x-authenticated-user": "root",
  "x-remote-user": "root",
  "x-api-key": KEYS.admin,
  "api-key": KEYS.admin,
  "x-request-id": `req_${"0".repeat(32)}`,
};

/** The same key with another character at the end; base64url has room for it. */
const mistyped = (key: string) => `${key.slice(0, -1)}${key.endsWith("A") ? "Q" : "A"}`;

export const accessGuessedRequirements: readonly Requirement[] = [
  {
    id: "access.headers.proxies",
    title:
      "What a client writes into the headers of proxies opens nothing and changes nothing: not the caller, the URL, the method or the id.",
    reference: PAGES.authentication,
    operations: ["listModels", "createChatCompletion", "getConversation", "list-projects"],
    async run({ client, http, settled }) {
      for (const path of ["/models", "/organization/projects"]) {
        assertError(await http.send({ path, key: null, headers: OF_PROXIES }), { status: 401, code: null });
      }
      const projects = await http.send({ path: "/organization/projects", headers: OF_PROXIES });
      assertError(projects, { status: 401, code: "missing_scope" });
      const asked = await http.send({ path: CHAT, body: chatBody(), headers: OF_PROXIES });
      assert.equal(asked.status, 200, asked.text);
      assert.match(asked.headers["x-request-id"] ?? "", /^req_(?!0{32})/);
      const { "openai-organization": organization, "openai-project": project } = asked.headers;
      assert.deepEqual([organization, project], [ORGANIZATION, PROJECT]);
      const { operationId, principal } = await settled.of(asked.headers["x-request-id"]);
      assert.deepEqual([operationId, principal?.id, principal?.admin], ["createChatCompletion", "holder", undefined]);
      const conversation = await client.conversations.create({});
      const path = `/conversations/${conversation.id}`;
      const read = await http.send({ path, headers: OF_PROXIES });
      assert.equal((read.json() as { object: string }).object, "conversation");
      assert.equal((await http.send({ path })).status, 200, "the conversation was deleted");
      const unknown = await http.send({ path: "/nothing", headers: OF_PROXIES });
      const plain = await http.send({ path: "/nothing" });
      assert.deepEqual([unknown.status, unknown.text], [plain.status, plain.text]);
    },
  },
  {
    id: "access.guessed",
    title:
      "Keys that are nearly one, that were deleted, or whose owner was, are refused in the same words as those that nobody has issued.",
    reference: PAGES.authentication,
    operations: ["listModels", "list-projects", "delete-project-api-key", "delete-project-service-account"],
    async run(context) {
      const { admin } = context.client;
      const { projects, adminAPIKeys } = admin.organization;
      const [alive, deleted, orphaned] = [
        await newAccount(context),
        await newAccount(context),
        await newAccount(context),
      ];
      const ops = await adminAPIKeys.create({ name: "ops" });
      await projects.apiKeys.delete(deleted.key.id, { project_id: deleted.project.id });
      await projects.serviceAccounts.delete(orphaned.account.id, { project_id: orphaned.project.id });
      await adminAPIKeys.delete(ops.id);
      const { value } = alive.key;
      const secret = value.slice(-43);
      const guesses = [
        mistyped(value),
        mistyped(KEYS.organization),
        mistyped(KEYS.admin),
        `sk-proj-${secret}`,
        `sk-admin-${secret}`,
        secret,
        alive.key.id,
        deleted.key.value,
        orphaned.key.value,
        ops.value,
      ];
      const refusal = async (key: string, path: string) => {
        const { status, headers, text } = await context.http.send({ path, key });
        assert.equal(status, 401, text);
        // As the API does, it shows the end of what it was given.
        const { message, ...rest } = (JSON.parse(text) as { error: { message: string } }).error;
        const error = { ...rest, message: message.replace(/provided: \S+\.$/, "provided.") };
        return { error, headers: Object.keys(headers).toSorted() };
      };
      for (const path of ["/models", "/organization/projects"]) {
        const nobodys = await refusal(`sk-svcacct-${"A".repeat(43)}`, path);
        for (const guess of guesses) {
          for (const _ of ["looked up", "known to be none"]) {
            const told = await refusal(guess, path);
            assert.deepEqual(told, nobodys, `${guess.slice(0, 12)}… is told from a key that nobody has issued`);
          }
        }
      }
      assert.equal((await context.http.send({ path: "/models", key: value })).status, 200);
      const host = await context.http.send({
        path: "/models",
        key: mistyped(value),
        headers: { [CALLER_HEADER]: "ana" },
      });
      assert.equal(host.status, 200, "the host's own word counts beside a wrong key");
    },
  },
];
