import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { all, assertSeconds, newAccount, newProject, PROJECTS, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const projectsRequirements: readonly Requirement[] = [
  {
    id: "projects.create",
    title: "A project has an id, a name, its date in seconds, and is active.",
    reference: PAGES.projectCreate,
    operations: ["create-project"],
    async run({ client }) {
      const { id, created_at, ...rest } = await client.admin.organization.projects.create({ name: "Søk" });
      assert.match(id, /^proj_\w+$/);
      assertSeconds(created_at);
      assert.deepEqual(rest, { object: "organization.project", name: "Søk", archived_at: null, status: "active" });
    },
  },
  {
    id: "projects.refused",
    title: "A missing or wrong name, what the server has no place for and unknown parameters are 400s that name them.",
    reference: PAGES.projectCreate,
    operations: ["create-project", "modify-project"],
    async run(context) {
      const { projects } = context.client.admin.organization;
      const { id } = await newProject(context, "As it was");
      const before = (await all(projects.list())).length;
      await refusedAdmin(
        context,
        { path: PROJECTS, body: {} },
        { status: 400, param: "name", code: "missing_required_parameter" },
      );
      for (const [body, param, code] of [
        [{ name: "" }, "name", "string_below_min_length"],
        [{ name: "x".repeat(257) }, "name", "string_above_max_length"],
        [{ name: ["a"] }, "name", "invalid_type"],
        [{ name: "a", external_key_id: "ek_1" }, "external_key_id", "unsupported_parameter"],
        [{ name: "a", geography: "EU" }, "geography", "unsupported_parameter"],
        [{ name: "a", colour: "red" }, "colour", "unknown_parameter"],
      ] as const) {
        for (const path of [PROJECTS, `${PROJECTS}/${id}`]) {
          await refusedAdmin(context, { path, body }, { status: 400, param, code });
        }
      }
      assert.equal((await projects.retrieve(id)).name, "As it was");
      assert.equal((await all(projects.list())).length, before, "a refused project was made");
    },
  },
  {
    id: "projects.list",
    title: "Projects are listed in pages, newest first; archived ones only on request.",
    reference: PAGES.projectList,
    operations: ["list-projects"],
    async run(context) {
      const { projects } = context.client.admin.organization;
      const made: string[] = [];
      for (const name of ["one", "two", "three"]) made.push((await newProject(context, name)).id);
      const [one, two, three] = made;
      await projects.archive(two ?? "");
      const ids = (await all(projects.list({ limit: 1 }))).map(({ id }) => id);
      assert.deepEqual(ids.slice(0, 2), [three, one]);
      assert.ok(!ids.includes(two ?? ""), "an archived project is listed");
      assert.ok(ids.length >= 3, "the default project is not listed");
      const { data } = await projects.list({ include_archived: true, limit: 3 });
      assert.deepEqual(
        data.map(({ id }) => id),
        made.toReversed(),
      );
    },
  },
  {
    id: "projects.retrieve",
    title: "A project is retrieved as it was created.",
    reference: PAGES.projectRetrieve,
    operations: ["retrieve-project"],
    async run(context) {
      const project = await newProject(context);
      assert.deepEqual({ ...(await context.client.admin.organization.projects.retrieve(project.id)) }, { ...project });
    },
  },
  {
    id: "projects.modify",
    title: "A project can be renamed.",
    reference: PAGES.projectModify,
    operations: ["modify-project"],
    async run(context) {
      const { projects } = context.client.admin.organization;
      const project = await newProject(context);
      const renamed = await projects.update(project.id, { name: "Find" });
      assert.deepEqual({ ...renamed }, { ...project, name: "Find" });
      assert.deepEqual({ ...(await projects.retrieve(project.id)) }, { ...renamed });
    },
  },
  {
    id: "projects.archive",
    title: "An archived project's keys open nothing, and it cannot be changed any more.",
    reference: PAGES.projectArchive,
    operations: ["archive-project"],
    async run(context) {
      const { client, http } = context;
      const { projects } = client.admin.organization;
      const { project, key } = await newAccount(context);
      assert.equal((await http.send({ path: CHAT, body: chatBody(), key: key.value })).status, 200);
      const archived = await projects.archive(project.id);
      assertSeconds(archived.archived_at);
      assert.deepEqual({ ...archived }, { ...project, status: "archived", archived_at: archived.archived_at });
      assert.deepEqual({ ...(await projects.retrieve(project.id)) }, { ...archived });
      context.engines.reset();
      assertError(await http.send({ path: CHAT, body: chatBody(), key: key.value }), { status: 401 });
      const path = `${PROJECTS}/${project.id}`;
      for (const request of [
        { path, body: { name: "Again" } },
        { path: `${path}/archive`, method: "POST" },
        { path: `${path}/service_accounts`, body: { name: "late" } },
      ]) {
        await refusedAdmin(context, request, { status: 400, code: "project_archived" });
      }
    },
  },
  {
    id: "projects.unknown",
    title: "An unknown project is a 404, whatever is wanted of it.",
    reference: PAGES.errors,
    operations: ["retrieve-project", "modify-project", "archive-project"],
    async run(context) {
      const path = `${PROJECTS}/proj_none`;
      for (const request of [{ path }, { path, body: { name: "a" } }, { path: `${path}/archive`, method: "POST" }]) {
        await refusedAdmin(context, request, { status: 404, message: /proj_none/ });
      }
    },
  },
];
