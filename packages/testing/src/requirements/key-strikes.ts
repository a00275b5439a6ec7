import assert from "node:assert/strict";
import { KEYS } from "../kit/models.ts";
import { newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["retrieve-project-api-key-strikes", "delete-project-api-key-strikes"];

/** A key, and where its strikes are. */
async function newStrikes(context: RequirementContext) {
  const { project, key } = await newAccount(context);
  return { key, path: `${PROJECTS}/${project.id}/api_keys/${key.id}/strikes` };
}

/** Outlet's own operations: the reference has no such. */
export const keyStrikesRequirements: readonly Requirement[] = [
  {
    id: "key-strikes.retrieve",
    title: "What a key was flagged for is told, and what follows from it. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["retrieve-project-api-key-strikes"],
    async run(context) {
      const { path, key } = await newStrikes(context);
      const reply = await context.http.send({ path, key: KEYS.admin });
      assert.deepEqual(reply.json(), {
        object: "organization.project.api_key.strikes",
        api_key_id: key.id,
        standing: "good",
        strikes: 0,
        next_forgotten_at: null,
        throttled_until: null,
        suspended_at: null,
      });
    },
  },
  {
    id: "key-strikes.delete",
    title:
      "An admin makes the outlet forget what a key was flagged for; the key goes on working. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["delete-project-api-key-strikes"],
    async run(context) {
      const { path, key } = await newStrikes(context);
      for (let times = 0; times < 2; times += 1) {
        const reply = await context.http.send({ path, method: "DELETE", key: KEYS.admin });
        const object = "organization.project.api_key.strikes.deleted";
        assert.deepEqual(reply.json(), { id: key.id, object, deleted: true });
      }
      await withKey(context, key.value).models.list();
    },
  },
  {
    id: "key-strikes.unknown",
    title: "Strikes of a key are a 404 where there is no such key, or it is in another project.",
    reference: PAGES.errors,
    operations,
    async run(context) {
      const { project, key } = await newAccount(context);
      const other = await newProject(context);
      for (const [at, id] of [
        [other.id, key.id],
        ["proj_none", key.id],
        [project.id, "key_none"],
      ]) {
        const path = `${PROJECTS}/${at}/api_keys/${id}/strikes`;
        for (const method of ["GET", "DELETE"]) await refusedAdmin(context, { path, method }, { status: 404 });
      }
    },
  },
];
