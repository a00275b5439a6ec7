import { ApiError } from "./api-error.ts";

// Who may do what, in the words that the API's own service has for it. https://platform.openai.com/docs/guides/error-codes

function refused(status: number, message: string, code: string | null): ApiError {
  return new ApiError({ status, type: "invalid_request_error", message, code });
}

/** 401: `OpenAI-Organization` names another organization than the key's. */
export function mismatchedOrganization(): ApiError {
  return refused(401, "OpenAI-Organization header should match organization for API key", "mismatched_organization");
}

/** 401: `OpenAI-Project` names another project than the key's. */
export function mismatchedProject(): ApiError {
  return refused(401, "OpenAI-Project header should match project for API key", "mismatched_project");
}

/** 401: the key is good, and not for this: a project's key on the admin API, or an admin key on a project's operations. */
export function missingScope(scope: string): ApiError {
  const advice =
    "Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.";
  return refused(
    401,
    `You have insufficient permissions for this operation. Missing scopes: ${scope}. ${advice}`,
    "missing_scope",
  );
}

/** 401: the caller's project has had its day. */
export function projectArchived(project: string): ApiError {
  return refused(
    401,
    `Project \`${project.slice(0, 256)}\` has been archived and can no longer be used.`,
    "project_archived",
  );
}

/** 401: the key is there, and was suspended for what its callers have sent or asked for. */
export function keySuspended(): ApiError {
  const message =
    "This API key has been deactivated, because its calls were flagged by this server's policy. Ask whoever administers the server to lift it.";
  return refused(401, message, "account_deactivated");
}

/** 403: the model is there, and the caller's project may not use it. */
export function modelNotPermitted(project: string, model: string): ApiError {
  const message = `Project \`${project.slice(0, 256)}\` does not have access to model \`${model.slice(0, 256)}\``;
  return refused(403, message, "model_not_found");
}

/** 404: nobody but the host can turn the admin API on, so it is told how. */
export function adminApiOff(): ApiError {
  const message =
    "This server has no admin API. Its host turns it on with the `platform` option: createOutlet({ platform: { adminKeys: [process.env.OPENAI_ADMIN_KEY] } }).";
  return refused(404, message, "admin_api_off");
}
