/**
 * What the outlet alone decides, topic by topic: requirements with the scope `outlet`. The request has come to it whole, by ways that
 * other requirements check, and the reply goes out as theirs do. Not here: whatever is about bytes, bodies, headers, streams as they
 * arrive, clients that leave, limits of size, the shape of errors, URLs, and of each operation at least one.
 */
const DECIDED_INSIDE: Readonly<Record<string, string>> = {
  models: "alias deprecation shutdown context-length",
  responses: `usage function-calls custom-calls refusal incomplete reasoning text-format emulated input.text input.items
    input.parameters input.tool-choice input.tool-media refusals refusals.formats refusals.media refusals.blind-model unsupported
    orphans store-off unknown previous previous.unknown item-reference conversation conversation.unknown input-items.cursor refer
    thoughts.sealed thoughts.unasked thoughts.refused compact.continue compact.stored compact.sealed compact.refusals
    context.managed context.short context.trigger context.truncated context.uncounted background.cancel.over background.failure
    background.unfinished background.limit background.refusals background.refusals.model background.stream.refusals
    mcp.background mcp.approval mcp.failed mcp.secrets mcp.refused`,
  chat: `roles content-parts n stop stop.across-pieces max-tokens usage refusal finish-reason alias inputs.invalid
    inputs.too-many-images inputs.blind-model inputs.image-bytes inputs.image-unavailable inputs.image-tokens on-text.prompt
    on-text.control-tokens on-text.end-of-turn on-text.unsupported response-format.json-object response-format.json-schema
    response-format.not-json logprobs logprobs.refused service-tier metadata system-fingerprint tools.request tools.reply
    tools.custom tools.choice-alone tools.legacy-functions tools.orphans tools.names tools.alone tools.strict-schema tools.prompted
    tools.prompted.repair tools.prompted.run tools.parallel tools.strict-arguments tools.functions parameters.documented`,
  "structured-outputs": "schema schema.missing json-word mismatch tool repair excused json-mode",
  "stored-chat": "upstream only-on-request list.alias list.bad-page update.refused unknown",
  conversations: "create.refused unknown",
  "conversation-items": "kinds create.refused create.twenty create.duplicate include",
  completions: `prompts token-prompts prompt.invalid echo suffix max-tokens stop over-chat wrong-model best-of best-of.rules logprobs
    parameters.documented`,
  embeddings: "inputs dimensions empty-input too-many-inputs usage wrong-model parameters.documented",
  moderations: `default-model inputs images-alone older-models judged-as-data judge-fails invalid-input wrong-model metered`,
  moderated: "scores block nobody judged",
  policy: "input output flag",
  parameters: "unknown range reach-engine",
  explain: "unknown unasked",
  access: "kinds.project-key kinds.admin-key kinds.no-key guessed",
  settle: "usage usage.details refused",
  instances: "tiers full settle",
  "admin-keys": "create.expires create.refused unknown",
  invites: "accepted",
  projects: "refused unknown",
  "project-users": "refused",
  "service-accounts": "create.only refused unknown",
  "project-keys": "unknown",
  "key-strikes": "suspended audited unknown",
  "model-permissions": "deny refused",
  "data-retention": "zero.store zero.refused refused audited",
  "audit-logs": "actor filters refused",
  "rate-limits": "requests tokens refused",
  usage: "pages refused home organization",
  "spend-limit": "holds refused audited",
  "spend-alerts": "own pages refused most audited",
  isolation: "projects organizations paths",
};

/** Ids of the requirements that the outlet alone decides. */
export const OUTLET_SCOPE: ReadonlySet<string> = new Set(
  Object.entries(DECIDED_INSIDE).flatMap(([topic, names]) => names.split(/\s+/).map((name) => `${topic}.${name}`)),
);
