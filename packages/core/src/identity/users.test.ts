import OpenAI from "openai";
import { expect, it, onTestFinished } from "vitest";
import { defineModel, type PlatformInvite } from "../index.ts";
import { testOutlet } from "../test-support.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const email = "ada@example.com";

function serve(onInvite?: (invite: PlatformInvite) => null) {
  const { outlet, settled, logged } = testOutlet({
    models: { m: defineModel(() => "hi") },
    access: undefined,
    platform: { adminKeys: [ADMIN], ...(onInvite && { onInvite }) },
  } as never);
  onTestFinished(() => outlet.close({ graceMs: 0 }));
  const client = (key: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey: key, adminAPIKey: key, fetch: outlet.fetch, maxRetries: 0 });
  const { platform } = outlet;
  if (!platform) throw new Error("the outlet has no platform");
  return { outlet, settled, logged, client, platform, admin: client(ADMIN).admin.organization };
}

async function withUser() {
  const server = serve();
  const project = await server.admin.projects.create({ name: "Search" });
  const projects = [{ id: project.id, role: "member" as const }];
  const invite = await server.admin.invites.create({ email, role: "owner", projects });
  const { user } = await server.platform.acceptInvite({ invite: invite.id, name: "Ada" });
  const newKey = () => server.platform.createKey({ user, project: project.id, name: "laptop" });
  return { ...server, project, invite, user, newKey };
}

it("makes a user of who accepts an invite, once", async () => {
  const { admin, platform, invite, user } = await withUser();
  expect(await admin.users.retrieve(user)).toMatchObject({ name: "Ada", email, role: "owner" });
  const again = { invite: invite.id, name: "Eve" };
  await expect(platform.acceptInvite(again)).rejects.toMatchObject({ status: 400, code: "invite_accepted" });
  await expect(platform.acceptInvite({ ...again, invite: "invite-0" })).rejects.toMatchObject({ status: 404 });
  await expect(platform.acceptInvite({ ...again, name: "" })).rejects.toThrow("1 to 256 characters");
});

it("makes one user of an address, however many invites to it are accepted at once", async () => {
  const { admin, platform } = serve();
  const invites = await Promise.all(Array.from({ length: 5 }, () => admin.invites.create({ email, role: "reader" })));
  const accepted = await Promise.allSettled(
    invites.map(({ id }) => platform.acceptInvite({ invite: id, name: "Ada" })),
  );
  expect(accepted.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await admin.users.list()).data).toHaveLength(1);
});

it("gives users keys of their own, which say whose they are", async () => {
  const { client, admin, settled, project, user, newKey } = await withUser();
  const key = await newKey();
  expect(key.value).toMatch(/^sk-proj-[\w-]{43}$/);
  await client(key.value).models.list();
  expect(settled.at(-1)?.principal).toMatchObject({ user, project: project.id, apiKey: key.id });
  const shown = await admin.projects.apiKeys.retrieve(key.id, { project_id: project.id });
  expect(shown.owner).toMatchObject({ type: "user", user: { id: user, name: "Ada", email, role: "member" } });
  const [log] = (await admin.auditLogs.list({ resource_ids: [key.id] })).data;
  expect([log?.type, log?.actor?.session?.user?.id]).toEqual(["api_key.created", user]);
});

it.each([
  ["the project", "project"],
  ["the organization", "organization"],
])("takes the keys of who leaves %s, also from who comes back", async (_name, left) => {
  const { client, admin, platform, project, user, newKey } = await withUser();
  const key = await newKey();
  await client(key.value).models.list();
  const at = { project_id: project.id };
  if (left === "project") await admin.projects.users.delete(user, at);
  else await admin.users.delete(user);
  await expect(client(key.value).models.list()).rejects.toMatchObject({ status: 401 });
  expect((await admin.projects.apiKeys.list(project.id)).data).toEqual([]);
  await expect(newKey()).rejects.toMatchObject({ status: 404 });
  if (left === "project") await admin.projects.users.create(project.id, { user_id: user, role: "member" });
  else {
    const invite = await admin.invites.create({
      email,
      role: "reader",
      projects: [{ id: project.id, role: "member" }],
    });
    await platform.acceptInvite({ invite: invite.id, name: "Ada" });
  }
  await expect(client(key.value).models.list()).rejects.toMatchObject({ status: 401 });
});

it("closes the admin keys of an owner who becomes a reader", async () => {
  const { outlet, client, admin, user } = await withUser();
  const { fetch } = outlet.as({ id: "session", admin: true, user });
  const own = new OpenAI({ baseURL: "http://outlet/v1", adminAPIKey: "none", fetch, maxRetries: 0 });
  const { value, owner } = await own.admin.organization.adminAPIKeys.create({ name: "mine" });
  expect(owner.id).toBe(user);
  await client(value).admin.organization.users.list();
  await admin.users.update(user, { role: "reader" });
  await expect(client(value).admin.organization.users.list()).rejects.toMatchObject({ status: 401 });
});

it("keeps an invite that the host could not send, and says so in the log", async () => {
  const { admin, logged } = serve(() => {
    throw new Error("no mail today");
  });
  const { id } = await admin.invites.create({ email, role: "reader" });
  expect((await admin.invites.retrieve(id)).status).toBe("pending");
  expect(logged[0]?.details.err?.message).toBe("no mail today");
});
