import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import { invalidRequest, objectNotFound } from "../../../../errors/catalogue.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { adminOf, refuseAsked } from "../../../../identity/admin.ts";
import { findActiveProject, findProject, projectKey } from "../../../../identity/projects.ts";
import type { ProjectData } from "../../../../identity/records.ts";
import { MOST } from "../../../../limits/bucket.ts";
import type { OwnLimits } from "../../../../limits/project-limits.ts";
import type { ModelLimits } from "../../../../limits/rate-limits.options.ts";
import type { RateLimits } from "../../../../limits/rate-limits.ts";
import { pageOf } from "../../../../pipeline/page.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import { type RateLimitListQuery, type RateLimitUpdateRequest, rateLimitUpdateRequest } from "./rate-limits.schema.ts";
import type { ProjectRateLimitObject } from "./rate-limits.types.ts";

/** What no operation here draws on. */
const NOT_HERE = ["max_images_per_1_minute", "max_audio_megabytes_per_1_minute", "batch_1_day_max_input_tokens"];

const FIELDS = {
  max_requests_per_1_minute: "requestsPerMinute",
  max_tokens_per_1_minute: "tokensPerMinute",
  max_requests_per_1_day: "requestsPerDay",
} as const satisfies Partial<Record<keyof RateLimitUpdateRequest, keyof ModelLimits>>;

const PREFIX = "rl-";
const DEFAULT_LIMIT = 100;

/** https://platform.openai.com/docs/api-reference/project-rate-limits/list */
export async function listRateLimits(call: Call<unknown, RateLimitListQuery>): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { data } = await findProject(store, organization, projectOf(call));
  const limits = limitsOf(call);
  const all = limits.table.names().map((name) => rateLimitObject(limits, name, data.limits));
  return jsonReply(pageOf(all, { limit: DEFAULT_LIMIT, ...call.query }, "asc"));
}

/** https://platform.openai.com/docs/api-reference/project-rate-limits/update */
export async function updateRateLimit(call: Call<RateLimitUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, rateLimitUpdateRequest.shape);
  refuseAsked(call.body, NOT_HERE);
  const { store, organization, commit } = adminOf(call);
  const limits = limitsOf(call);
  const updated = await commit(async () => {
    const { id, data, record } = await findActiveProject(store, organization, projectOf(call));
    const resource = call.params.rate_limit_id ?? "";
    const name = limits.table.names().find((known) => PREFIX + known === resource);
    if (name === undefined) throw objectNotFound("Rate limit", resource);
    refuseRaised(limits, name, call.body);
    const former = ownOf(data.limits, name);
    const own: OwnLimits = { ...data.limits, [name]: { ...former, ...asked(call.body) } };
    const changed: ProjectData = { ...data, limits: own };
    const details = { changes_requested: { ...call.body } };
    return {
      changes: [{ replace: { ...projectKey(organization, id), version: record.version, data: changed } }],
      events: [{ type: "rate_limit.updated", resource, project: { id, name: data.name }, details }],
      revoked: [id],
      result: rateLimitObject(limits, name, own),
    };
  });
  return jsonReply(updated);
}

/** @throws ApiError 400 for more than the host allows a project, where admins may only lower it */
function refuseRaised({ table, overrides }: RateLimits, name: string, body: RateLimitUpdateRequest): void {
  if (overrides === "any") return;
  const most = table.limitsOf(name);
  for (const [param, field] of Object.entries(FIELDS) as [keyof typeof FIELDS, keyof ModelLimits][]) {
    const limit = most[field] ?? MOST;
    if ((body[param] ?? 0) <= limit) continue;
    throw invalidRequest(`'${param}' cannot be raised above this server's limit of ${limit}.`, param, "invalid_value");
  }
}

function asked(body: RateLimitUpdateRequest): ModelLimits {
  const limits: ModelLimits = {};
  for (const [param, field] of Object.entries(FIELDS) as [keyof typeof FIELDS, keyof ModelLimits][]) {
    const value = body[param];
    if (value !== undefined) limits[field] = value;
  }
  return limits;
}

function ownOf(own: OwnLimits | undefined, name: string): ModelLimits {
  return (own && Object.hasOwn(own, name) && own[name]) || {};
}

function rateLimitObject({ table }: RateLimits, name: string, own: OwnLimits | undefined): ProjectRateLimitObject {
  const { requestsPerMinute, tokensPerMinute, requestsPerDay } = table.withOwn(name, ownOf(own, name));
  return {
    object: "project.rate_limit",
    id: PREFIX + name,
    model: name,
    max_requests_per_1_minute: requestsPerMinute ?? MOST,
    max_tokens_per_1_minute: tokensPerMinute ?? MOST,
    ...(requestsPerDay !== undefined && { max_requests_per_1_day: requestsPerDay }),
  };
}

function limitsOf({ services }: Pick<Call, "services">): RateLimits {
  // There are some wherever there is an admin API.
  if (!services.limits) throw new TypeError("an admin operation was run without rate limits");
  return services.limits;
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}
