import type { Principal } from "../access/principal.ts";

/**
 * Whose records a caller sees: its project's, as in the API. A principal without a project has its own, shared with nobody: a
 * host that maps its users to principals must not find one user reading what another has stored.
 */
export function ownerOf({ id, organization = "", project }: Principal): string {
  return project === undefined ? `caller:${organization}/${id}` : `project:${organization}/${project}`;
}
