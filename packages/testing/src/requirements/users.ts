import assert from "node:assert/strict";
import { USER_NAME } from "../kit/models.ts";
import { all, assertSeconds, newProject, newUser, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const PATH = "/organization/users";

export const usersRequirements: readonly Requirement[] = [
  {
    id: "users.retrieve",
    title: "A user has the name, the address and the role that they came with.",
    reference: PAGES.userRetrieve,
    operations: ["retrieve-user"],
    async run(context) {
      const { user, email } = await newUser(context);
      const retrieved = await context.client.admin.organization.users.retrieve(user.id);
      const { id, added_at, ...rest } = retrieved;
      assert.match(id, /^user-\w+$/);
      assertSeconds(added_at);
      assert.deepEqual(rest, { object: "organization.user", name: USER_NAME, email, role: "reader" });
      assert.deepEqual({ ...user }, { ...retrieved });
    },
  },
  {
    id: "users.list",
    title: "Users are listed in pages, newest first, or by their addresses in whatever case.",
    reference: PAGES.userList,
    operations: ["list-users"],
    async run(context) {
      const made = [await newUser(context), await newUser(context), await newUser(context)];
      const { users } = context.client.admin.organization;
      const ids = made.map(({ user }) => user.id).toReversed();
      const listed = (await all(users.list({ limit: 2 }))).map(({ id }) => id);
      assert.deepEqual(listed.slice(0, ids.length), ids);
      const emails = made.slice(1).map(({ email }) => email.toUpperCase());
      const found = await all(users.list({ emails: [...emails, "nobody@example.com"], limit: 1 }));
      assert.deepEqual(
        found.map(({ id }) => id),
        ids.slice(0, 2),
      );
    },
  },
  {
    id: "users.modify",
    title: "A user's role can be changed to `owner` and back; what an outlet has no use for is a 400 that names it.",
    reference: PAGES.userModify,
    operations: ["modify-user"],
    async run(context) {
      const { users, auditLogs } = context.client.admin.organization;
      const { user } = await newUser(context);
      for (const role of ["owner", "reader"]) {
        assert.equal((await users.update(user.id, { role })).role, role);
        assert.equal((await users.retrieve(user.id)).role, role);
      }
      for (const [body, param, code] of [
        [{ role: "member" }, "role", "invalid_value"],
        [{ role_id: "role_1" }, "role_id", "unsupported_parameter"],
        [{ technical_level: "high" }, "technical_level", "unsupported_parameter"],
        [{ name: "Eve" }, "name", "unknown_parameter"],
      ] as const) {
        await refusedAdmin(context, { path: `${PATH}/${user.id}`, body }, { status: 400, param, code });
      }
      const logs = await auditLogs.list({ resource_ids: [user.id] });
      assert.deepEqual(
        logs.data.map(({ type }) => type),
        ["user.updated", "user.updated", "user.added"],
      );
    },
  },
  {
    id: "users.delete",
    title: "A deleted user is in no project any more, and may be invited again.",
    reference: PAGES.userDelete,
    operations: ["delete-user"],
    async run(context) {
      const { users, projects, invites } = context.client.admin.organization;
      const project = await newProject(context);
      const { user, email } = await newUser(context, [{ id: project.id, role: "member" }]);
      assert.equal((await projects.users.list(project.id)).data.length, 1);
      const deleted = await users.delete(user.id);
      assert.deepEqual({ ...deleted }, { id: user.id, object: "organization.user.deleted", deleted: true });
      for (const method of ["GET", "DELETE"]) {
        await refusedAdmin(context, { method, path: `${PATH}/${user.id}` }, { status: 404 });
      }
      assert.deepEqual((await projects.users.list(project.id)).data, []);
      assert.equal((await invites.create({ email, role: "reader" })).status, "accepted");
      const [again] = (await users.list({ emails: [email] })).data;
      assert.notEqual(again?.id, user.id);
    },
  },
];
