import assert from "node:assert/strict";
import { all, assertSeconds, newEmail, newProject, newUser, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const PATH = "/organization/invites";
const WEEK = 7 * 24 * 60 * 60;

export const invitesRequirements: readonly Requirement[] = [
  {
    id: "invites.create",
    title: "An invite is pending for a week, with the role and the projects it was made with.",
    reference: PAGES.inviteCreate,
    operations: ["inviteUser", "retrieve-invite", "list-users"],
    async run(context) {
      const { invites, users } = context.client.admin.organization;
      const project = await newProject(context);
      const email = newEmail({ known: false });
      const projects = [{ id: project.id, role: "owner" }] as const;
      const invite = await invites.create({ email, role: "reader", projects: [...projects] });
      const { id, created_at, ...rest } = invite;
      assert.match(id, /^invite-\w+$/);
      assertSeconds(created_at);
      assert.deepEqual(rest, {
        object: "organization.invite",
        email,
        role: "reader",
        status: "pending",
        projects,
        expires_at: created_at + WEEK,
        accepted_at: null,
      });
      assert.deepEqual({ ...(await invites.retrieve(id)) }, { ...invite });
      assert.deepEqual((await users.list({ emails: [email] })).data, [], "who has not accepted is a user");
    },
  },
  {
    id: "invites.accepted",
    title: "Who accepts is a user, in the projects of the invite; without any they are in the default one.",
    reference: PAGES.inviteCreate,
    operations: ["inviteUser", "list-users", "retrieve-project-user", "list-project-users"],
    async run(context) {
      const { invites, users, projects, auditLogs } = context.client.admin.organization;
      const project = await newProject(context);
      const { invite, user } = await newUser(context, [{ id: project.id, role: "owner" }]);
      assert.equal(invite.status, "accepted");
      assertSeconds(invite.accepted_at);
      assert.equal(user.role, "reader");
      assert.equal((await projects.users.retrieve(user.id, { project_id: project.id })).role, "owner");
      const logs = await auditLogs.list({ resource_ids: [invite.id] });
      assert.deepEqual(
        logs.data.map(({ type }) => type),
        ["invite.accepted", "invite.sent"],
      );
      const email = newEmail({ known: true });
      const plain = await invites.create({ email, role: "owner" });
      assert.deepEqual(
        plain.projects.map(({ role }) => role),
        ["member"],
      );
      const [member] = (await projects.users.list(plain.projects[0]?.id ?? "")).data;
      assert.equal(member?.email, email);
      assert.equal((await users.list({ emails: [email] })).data[0]?.role, "owner");
    },
  },
  {
    id: "invites.refused",
    title: "What is missing, wrong or unknown in an invite is an error that names it, and nobody is invited.",
    reference: PAGES.inviteCreate,
    operations: ["inviteUser"],
    async run(context) {
      const { email: taken } = await newUser(context);
      const email = newEmail({ known: false });
      const one = { id: (await newProject(context)).id, role: "member" };
      for (const [body, expected] of [
        [{ role: "owner" }, { param: "email", code: "missing_required_parameter" }],
        [{ email }, { param: "role", code: "missing_required_parameter" }],
        [{ email: "nobody", role: "owner" }, { param: "email" }],
        [{ email: "a\u0007b@example.com", role: "owner" }, { param: "email" }],
        [
          { email, role: "member" },
          { param: "role", code: "invalid_value" },
        ],
        [
          { email, role: "owner", name: "Ada" },
          { param: "name", code: "unknown_parameter" },
        ],
        [
          { email, role: "owner", projects: [one, one] },
          { param: "projects", code: "invalid_value" },
        ],
        [{ email, role: "owner", projects: [{ ...one, role: "reader" }] }, { param: "projects[0].role" }],
        [
          { email: taken.toUpperCase(), role: "owner" },
          { param: "email", code: "user_already_exists" },
        ],
      ] as const) {
        await refusedAdmin(context, { path: PATH, body }, { status: 400, ...expected });
      }
      const nowhere = { email, role: "owner", projects: [{ id: "proj_none", role: "member" }] };
      await refusedAdmin(context, { path: PATH, body: nowhere }, { status: 404 });
      const { data } = await context.client.admin.organization.invites.list({ limit: 5 });
      assert.ok(!data.some((invite) => invite.email === email), "a refused invite was made");
    },
  },
  {
    id: "invites.retrieve",
    title: "An invite is retrieved as it was made.",
    reference: PAGES.inviteRetrieve,
    operations: ["retrieve-invite"],
    async run({ client }) {
      const { invites } = client.admin.organization;
      const invite = await invites.create({ email: newEmail({ known: false }), role: "owner", projects: [] });
      assert.deepEqual({ ...(await invites.retrieve(invite.id)) }, { ...invite });
    },
  },
  {
    id: "invites.list",
    title: "Invites are listed in pages, newest first.",
    reference: PAGES.inviteList,
    operations: ["list-invites"],
    async run({ client }) {
      const { invites } = client.admin.organization;
      const made: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        made.push((await invites.create({ email: newEmail({ known: false }), role: "reader" })).id);
      }
      const listed = await all(invites.list({ limit: 2 }));
      assert.deepEqual(
        listed.map(({ id }) => id).filter((id) => made.includes(id)),
        made.toReversed(),
      );
    },
  },
  {
    id: "invites.delete",
    title: "An invite can be taken back until it is accepted.",
    reference: PAGES.inviteDelete,
    operations: ["delete-invite"],
    async run(context) {
      const { invites } = context.client.admin.organization;
      const { id } = await invites.create({ email: newEmail({ known: false }), role: "reader" });
      assert.deepEqual({ ...(await invites.delete(id)) }, { id, object: "organization.invite.deleted", deleted: true });
      for (const method of ["GET", "DELETE"]) {
        await refusedAdmin(context, { method, path: `${PATH}/${id}` }, { status: 404 });
      }
      const { invite } = await newUser(context);
      const accepted = { method: "DELETE", path: `${PATH}/${invite.id}` };
      await refusedAdmin(context, accepted, { status: 400, code: "invite_accepted" });
      assert.equal((await invites.retrieve(invite.id)).status, "accepted");
    },
  },
];
