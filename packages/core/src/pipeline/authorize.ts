import type { Principal } from "../access/principal.ts";
import { mismatchedOrganization, mismatchedProject, missingScope } from "../errors/access.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Operation } from "../operation.ts";

/**
 * Holds a caller against the operation and against the organization and project that the request names: a good key may be the wrong one.
 * A caller without an organization or a project belongs to none, and what a request names of them is not looked at.
 * https://platform.openai.com/docs/api-reference/authentication
 * @throws ApiError 401
 */
export function authorize(
  { auth, method }: Pick<Operation, "auth" | "method">,
  { admin, organization, project }: Principal,
  exchange: Exchange,
): void {
  if (auth === "admin") {
    if (admin !== true) throw missingScope(method === "GET" ? "api.management.read" : "api.management.write");
  } else if (admin === true) {
    throw missingScope("api.model.request");
  }
  if (organization !== undefined) {
    const named = exchange.header("openai-organization");
    if (named && named !== organization) throw mismatchedOrganization();
  }
  if (project !== undefined) {
    const named = exchange.header("openai-project");
    if (named && named !== project) throw mismatchedProject();
  }
}
