import { operations } from "@outlet/core";
import { assertError } from "../kit/assert-error.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { KEYS, ORGANIZATION, PROJECT } from "../kit/models.ts";
import { newAccount } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

/** A request for each operation, as bad as can be beside its key: what is refused is refused before it is looked at. */
const requests = operations.map(
  ({ id, method, path, auth, body }): { id: string; auth: string; request: RawRequest } => ({
    id,
    auth,
    request: { method, path: path.replaceAll(/\{\w+\}/g, "none"), ...(body && { body: {} }) },
  }),
);

const opened = (auth: string) => requests.filter((one) => one.auth === auth);

export const keyKindsRequirements: readonly Requirement[] = [
  {
    id: "access.kinds.project-key",
    title: "A project's key is a 401 `missing_scope` on every operation of the admin API.",
    reference: PAGES.administration,
    operations: opened("admin").map(({ id }) => id),
    async run(context) {
      const { key } = await newAccount(context);
      for (const { request } of opened("admin")) {
        for (const mine of [key.value, KEYS.organization, KEYS.plain]) {
          assertError(await context.http.send({ ...request, key: mine }), { status: 401, code: "missing_scope" });
        }
      }
    },
  },
  {
    id: "access.kinds.admin-key",
    title: "An admin key is a 401 `missing_scope` on every operation of a project.",
    reference: PAGES.administration,
    operations: opened("key").map(({ id }) => id),
    async run({ http, client }) {
      const { value } = await client.admin.organization.adminAPIKeys.create({ name: "ops" });
      for (const { request } of opened("key")) {
        for (const key of [value, KEYS.admin]) {
          assertError(await http.send({ ...request, key }), { status: 401, code: "missing_scope" });
        }
      }
    },
  },
  {
    id: "access.kinds.no-key",
    title: "No key, and one that nobody has issued, are a 401 on every operation of the admin API.",
    reference: PAGES.authentication,
    operations: opened("admin").map(({ id }) => id),
    async run({ http }) {
      const unknown = `sk-admin-${"A".repeat(43)}`;
      for (const { request } of opened("admin")) {
        assertError(await http.send({ ...request, key: null }), { status: 401, code: null });
        assertError(await http.send({ ...request, key: unknown }), { status: 401, code: "invalid_api_key" });
      }
    },
  },
  {
    id: "access.headers.organization",
    title: "`OpenAI-Organization` may name the key's own organization; any other is a 401 `mismatched_organization`.",
    reference: PAGES.authentication,
    operations: ["listModels", "list-projects"],
    async run({ http }) {
      const at = (path: string, key: string, organization: string) =>
        http.send({ path, key, headers: { "openai-organization": organization } });
      const own = await at("/models", KEYS.organization, ORGANIZATION);
      assertFine(own);
      const mismatched = { status: 401, code: "mismatched_organization", message: /OpenAI-Organization/ };
      for (const name of ["org-nobody", `${ORGANIZATION}x`]) {
        assertError(await at("/models", KEYS.organization, name), mismatched);
      }
      assertError(await at("/organization/projects", KEYS.admin, "org-nobody"), mismatched);
    },
  },
  {
    id: "access.headers.project",
    title: "`OpenAI-Project` may name the key's own project; any other is a 401 `mismatched_project`.",
    reference: PAGES.authentication,
    operations: ["listModels"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const at = (of: string, name: string) =>
        context.http.send({ path: "/models", key: of, headers: { "openai-project": name } });
      assertFine(await at(key.value, project.id));
      assertFine(await at(KEYS.organization, PROJECT));
      const mismatched = { status: 401, code: "mismatched_project", message: /OpenAI-Project/ };
      assertError(await at(key.value, PROJECT), mismatched);
      assertError(await at(KEYS.organization, project.id), mismatched);
    },
  },
];

function assertFine(reply: { status: number; text: string }): void {
  if (reply.status !== 200) throw new Error(`expected a 200: ${reply.text}`);
}
