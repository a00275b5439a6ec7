import assert from "node:assert/strict";
import { USER_NAME } from "../kit/models.ts";
import { all, assertSeconds, newProject, newUser, PROJECTS, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const projectUsersRequirements: readonly Requirement[] = [
  {
    id: "project-users.create",
    title: "A user of the organization is added to a project by id or by address, once.",
    reference: PAGES.projectUserCreate,
    operations: ["create-project-user"],
    async run(context) {
      const { users } = context.client.admin.organization.projects;
      const { id: project_id } = await newProject(context);
      const { user, email } = await newUser(context);
      const added = await users.create(project_id, { user_id: user.id, role: "owner" });
      const { added_at, ...rest } = added;
      assertSeconds(added_at);
      const object = "organization.project.user";
      assert.deepEqual(rest, { id: user.id, object, name: USER_NAME, email, role: "owner" });
      assert.deepEqual({ ...(await users.retrieve(user.id, { project_id })) }, { ...added });
      const path = `${PROJECTS}/${project_id}/users`;
      await refusedAdmin(context, { path, body: { email, role: "member" } }, { status: 400 });
      const other = await newUser(context);
      assert.equal((await users.create(project_id, { email: other.email, role: "member" })).id, other.user.id);
    },
  },
  {
    id: "project-users.refused",
    title: "Who is to be added must be named once and be a user; their role is `owner` or `member`.",
    reference: PAGES.projectUserCreate,
    operations: ["create-project-user", "modify-project-user"],
    async run(context) {
      const project = await newProject(context);
      const { user, email } = await newUser(context, [{ id: project.id, role: "member" }]);
      const path = `${PROJECTS}/${project.id}/users`;
      for (const [at, body, param] of [
        ["", { role: "member" }, "user_id"],
        ["", { email, user_id: user.id, role: "member" }, "email"],
        ["", { user_id: user.id }, "role"],
        ["", { user_id: user.id, role: "reader" }, "role"],
        [`/${user.id}`, { role: "reader" }, "role"],
        [`/${user.id}`, { name: "Eve" }, "name"],
      ] as const) {
        await refusedAdmin(context, { path: path + at, body }, { status: 400, param });
      }
      for (const named of [{ user_id: "user-none" }, { email: "nobody@example.com" }]) {
        await refusedAdmin(context, { path, body: { ...named, role: "member" } }, { status: 404 });
      }
      const { users } = context.client.admin.organization.projects;
      assert.equal((await users.list(project.id)).data.length, 1);
    },
  },
  {
    id: "project-users.retrieve",
    title: "A project's user is retrieved with the role that they have there.",
    reference: PAGES.projectUserRetrieve,
    operations: ["retrieve-project-user"],
    async run(context) {
      const project = await newProject(context);
      const { user, email } = await newUser(context, [{ id: project.id, role: "owner" }]);
      const { users } = context.client.admin.organization.projects;
      const { added_at: _, ...rest } = await users.retrieve(user.id, { project_id: project.id });
      const object = "organization.project.user";
      assert.deepEqual(rest, { id: user.id, object, name: USER_NAME, email, role: "owner" });
    },
  },
  {
    id: "project-users.list",
    title: "A project's users are listed in pages, newest first, and no other project's.",
    reference: PAGES.projectUserList,
    operations: ["list-project-users"],
    async run(context) {
      const { users } = context.client.admin.organization.projects;
      const { id } = await newProject(context);
      const made: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        const { user } = await newUser(context);
        made.push((await users.create(id, { user_id: user.id, role: "member" })).id);
      }
      const listed = await all(users.list(id, { limit: 2 }));
      assert.deepEqual(
        listed.map((user) => user.id),
        made.toReversed(),
      );
      assert.deepEqual((await users.list((await newProject(context)).id)).data, []);
    },
  },
  {
    id: "project-users.modify",
    title: "A user's role in one project can be changed; elsewhere it stays.",
    reference: PAGES.projectUserModify,
    operations: ["modify-project-user"],
    async run(context) {
      const { projects, users } = context.client.admin.organization;
      const [here, there] = [await newProject(context), await newProject(context)];
      const { user } = await newUser(context, [
        { id: here.id, role: "member" },
        { id: there.id, role: "member" },
      ]);
      const updated = await projects.users.update(user.id, { project_id: here.id, role: "owner" });
      assert.equal(updated.role, "owner");
      const roleIn = async (project_id: string) => (await projects.users.retrieve(user.id, { project_id })).role;
      assert.deepEqual([await roleIn(here.id), await roleIn(there.id)], ["owner", "member"]);
      assert.equal((await users.retrieve(user.id)).role, "reader");
    },
  },
  {
    id: "project-users.delete",
    title: "Who is taken out of a project is a user still, and can be added again.",
    reference: PAGES.projectUserDelete,
    operations: ["delete-project-user"],
    async run(context) {
      const { projects, users, auditLogs } = context.client.admin.organization;
      const project = await newProject(context);
      const at = { project_id: project.id };
      const { user } = await newUser(context, [{ id: project.id, role: "member" }]);
      const deleted = await projects.users.delete(user.id, at);
      assert.deepEqual({ ...deleted }, { id: user.id, object: "organization.project.user.deleted", deleted: true });
      for (const method of ["GET", "DELETE"]) {
        await refusedAdmin(context, { method, path: `${PROJECTS}/${project.id}/users/${user.id}` }, { status: 404 });
      }
      assert.equal((await users.retrieve(user.id)).id, user.id);
      await projects.users.create(project.id, { user_id: user.id, role: "member" });
      const logs = await auditLogs.list({ project_ids: [project.id], resource_ids: [user.id] });
      assert.deepEqual(
        logs.data.map(({ type }) => type),
        ["user.added", "user.deleted"],
      );
      await projects.archive(project.id);
      const path = `${PROJECTS}/${project.id}/users/${user.id}`;
      await refusedAdmin(context, { method: "DELETE", path }, { status: 400, code: "project_archived" });
    },
  },
];
