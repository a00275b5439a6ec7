import { OUTLET_SCOPE } from "./outlet-scope.ts";
import type { Requirement } from "./requirement.ts";
import { abortRequirements } from "./requirements/abort.ts";
import { accessRequirements } from "./requirements/access.ts";
import { accessGuessedRequirements } from "./requirements/access-guessed.ts";
import { adminKeysRequirements } from "./requirements/admin-keys.ts";
import { after200Requirements } from "./requirements/after-200.ts";
import { auditLogsRequirements } from "./requirements/audit-logs.ts";
import { badJsonRequirements } from "./requirements/bad-json.ts";
import { chatRequirements } from "./requirements/chat.ts";
import { chatInputsRequirements } from "./requirements/chat-inputs.ts";
import { chatOnTextRequirements } from "./requirements/chat-on-text.ts";
import { chatOutputRequirements } from "./requirements/chat-output.ts";
import { chatStreamRequirements } from "./requirements/chat-stream.ts";
import { chatToolsRequirements } from "./requirements/chat-tools.ts";
import { chatToolsOnAnyModelRequirements } from "./requirements/chat-tools-any-model.ts";
import { chatToolsRefusedRequirements } from "./requirements/chat-tools-refused.ts";
import { completionsRequirements } from "./requirements/completions.ts";
import { completionsLogprobsRequirements } from "./requirements/completions-logprobs.ts";
import { completionsStreamRequirements } from "./requirements/completions-stream.ts";
import { conversationItemsRequirements } from "./requirements/conversation-items.ts";
import { conversationsRequirements } from "./requirements/conversations.ts";
import { dataRetentionRequirements } from "./requirements/data-retention.ts";
import { embeddingsRequirements } from "./requirements/embeddings.ts";
import { errorsRequirements } from "./requirements/errors.ts";
import { explainRequirements } from "./requirements/explain.ts";
import { forwardRequirements } from "./requirements/forward.ts";
import { headersRequirements } from "./requirements/headers.ts";
import { instancesRequirements } from "./requirements/instances.ts";
import { invitesRequirements } from "./requirements/invites.ts";
import { isolationRequirements } from "./requirements/isolation.ts";
import { keyKindsRequirements } from "./requirements/key-kinds.ts";
import { keyStrikesRequirements } from "./requirements/key-strikes.ts";
import { limitsRequirements } from "./requirements/limits.ts";
import { modelLifecycleRequirements } from "./requirements/model-lifecycle.ts";
import { modelPermissionsRequirements } from "./requirements/model-permissions.ts";
import { modelsRequirements } from "./requirements/models.ts";
import { moderatedRequirements } from "./requirements/moderated.ts";
import { moderationsRequirements } from "./requirements/moderations.ts";
import { ownRoutesRequirements } from "./requirements/own-routes.ts";
import { parametersRequirements } from "./requirements/parameters.ts";
import { policyRequirements } from "./requirements/policy.ts";
import { projectKeysRequirements } from "./requirements/project-keys.ts";
import { projectUsersRequirements } from "./requirements/project-users.ts";
import { projectsRequirements } from "./requirements/projects.ts";
import { rateLimitsRequirements } from "./requirements/rate-limits.ts";
import { responsesRequirements } from "./requirements/responses.ts";
import { responsesBackgroundRequirements } from "./requirements/responses-background.ts";
import { responsesBackgroundStreamRequirements } from "./requirements/responses-background-stream.ts";
import { responsesCompactRequirements } from "./requirements/responses-compact.ts";
import { responsesContextRequirements } from "./requirements/responses-context.ts";
import { responsesInputRequirements } from "./requirements/responses-input.ts";
import { responsesMcpRequirements } from "./requirements/responses-mcp.ts";
import { responsesRefusalsRequirements } from "./requirements/responses-refusals.ts";
import { responsesStateRequirements } from "./requirements/responses-state.ts";
import { responsesStreamRequirements } from "./requirements/responses-stream.ts";
import { responsesThoughtsRequirements } from "./requirements/responses-thoughts.ts";
import { responsesUpstreamRequirements } from "./requirements/responses-upstream.ts";
import { serviceAccountsRequirements } from "./requirements/service-accounts.ts";
import { settleRequirements } from "./requirements/settle.ts";
import { spendAlertsRequirements } from "./requirements/spend-alerts.ts";
import { spendLimitRequirements } from "./requirements/spend-limit.ts";
import { storedCompletionsRequirements } from "./requirements/stored-completions.ts";
import { structuredOutputsRequirements } from "./requirements/structured-outputs.ts";
import { usageRequirements } from "./requirements/usage.ts";
import { usersRequirements } from "./requirements/users.ts";

const topics: readonly Requirement[] = [
  ...modelsRequirements,
  ...modelLifecycleRequirements,
  ...responsesRequirements,
  ...responsesInputRequirements,
  ...responsesRefusalsRequirements,
  ...responsesStreamRequirements,
  ...responsesStateRequirements,
  ...responsesThoughtsRequirements,
  ...responsesCompactRequirements,
  ...responsesContextRequirements,
  ...responsesBackgroundRequirements,
  ...responsesBackgroundStreamRequirements,
  ...responsesUpstreamRequirements,
  ...responsesMcpRequirements,
  ...chatRequirements,
  ...chatInputsRequirements,
  ...chatOnTextRequirements,
  ...chatOutputRequirements,
  ...structuredOutputsRequirements,
  ...chatToolsRequirements,
  ...chatToolsRefusedRequirements,
  ...chatToolsOnAnyModelRequirements,
  ...chatStreamRequirements,
  ...storedCompletionsRequirements,
  ...conversationsRequirements,
  ...conversationItemsRequirements,
  ...completionsRequirements,
  ...completionsLogprobsRequirements,
  ...completionsStreamRequirements,
  ...embeddingsRequirements,
  ...moderationsRequirements,
  ...moderatedRequirements,
  ...policyRequirements,
  ...parametersRequirements,
  ...headersRequirements,
  ...explainRequirements,
  ...accessRequirements,
  ...badJsonRequirements,
  ...errorsRequirements,
  ...limitsRequirements,
  ...forwardRequirements,
  ...after200Requirements,
  ...abortRequirements,
  ...settleRequirements,
  ...instancesRequirements,
  ...adminKeysRequirements,
  ...invitesRequirements,
  ...usersRequirements,
  ...projectsRequirements,
  ...projectUsersRequirements,
  ...serviceAccountsRequirements,
  ...projectKeysRequirements,
  ...keyStrikesRequirements,
  ...modelPermissionsRequirements,
  ...dataRetentionRequirements,
  ...auditLogsRequirements,
  ...rateLimitsRequirements,
  ...ownRoutesRequirements,
  ...accessGuessedRequirements,
  ...keyKindsRequirements,
  ...usageRequirements,
  ...spendLimitRequirements,
  ...spendAlertsRequirements,
  ...isolationRequirements,
];

/** Everything the kit checks, topic by topic. */
export const requirements: readonly Requirement[] = topics.map((one) =>
  OUTLET_SCOPE.has(one.id) ? { ...one, scope: "outlet" } : one,
);
