import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type OpenAI from "openai";
import type { RequirementContext } from "../requirement.ts";
import { refused } from "./ask.ts";
import type { ExpectedError } from "./assert-error.ts";
import type { RawRequest } from "./http-client.ts";
import { KEYS, KNOWN } from "./models.ts";

export const PROJECTS = "/organization/projects";
export const ADMIN_KEYS = "/organization/admin_api_keys";

type Client = Pick<RequirementContext, "client">;

/** A project of the requirement's own. */
export function newProject({ client }: Client, name = "Search"): Promise<OpenAI.Admin.Organization.Project> {
  return client.admin.organization.projects.create({ name });
}

/** A service account with its key, in a project of its own. */
export async function newAccount(context: Client, more: { expires_in_seconds?: number } = {}) {
  const project = await newProject(context);
  const { serviceAccounts } = context.client.admin.organization.projects;
  const account = await serviceAccounts.create(project.id, { name: "indexer", ...more });
  const key = account.api_key ?? assert.fail("the service account has no key");
  return { project, account, key };
}

/** What a spend limit of so many cents is asked for with. */
export function spendLimit(threshold_amount: number): OpenAI.Admin.Organization.SpendLimitUpdateParams {
  return { threshold_amount, currency: "USD", interval: "month" };
}

/** The same for an alert. */
export function spendAlert(threshold_amount: number): OpenAI.Admin.Organization.SpendAlertCreateParams {
  const recipients = ["finance@example.com"];
  return { ...spendLimit(threshold_amount), notification_channel: { type: "email", recipients, subject_prefix: null } };
}

/** An address that nobody else has: of somebody who accepts every invite or, unless they are `known`, of somebody who has not yet. */
export function newEmail({ known }: { known: boolean }): string {
  return `${known ? KNOWN : ""}${randomUUID()}@example.com`;
}

/** A user of the organization, in these projects. */
export async function newUser(
  { client }: Client,
  projects: OpenAI.Admin.Organization.InviteCreateParams["projects"] = [],
) {
  const { invites, users } = client.admin.organization;
  const email = newEmail({ known: true });
  const invite = await invites.create({ email, role: "reader", projects });
  const [user] = (await users.list({ emails: [email] })).data;
  return { invite, user: user ?? assert.fail("who has accepted is no user"), email };
}

/** The SDK with another key. */
export function withKey({ client }: Client, apiKey: string): OpenAI {
  return client.withOptions({ apiKey });
}

/** Sends an admin request that must be refused. */
export function refusedAdmin(context: RequirementContext, request: RawRequest, expected: ExpectedError): Promise<void> {
  return refused(context, { key: KEYS.admin, ...request }, expected);
}

/** A date in seconds, of today rather than of 1970. */
export function assertSeconds(value: unknown): void {
  assert.ok(Number.isInteger(value) && Number(value) > 1_700_000_000, `${value} is no date in seconds`);
}

/** Every page of a list, walked by the SDK. */
export async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}
