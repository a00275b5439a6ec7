/** Who is calling. `organization` and `project` appear in response headers and in the settled record. */
export interface Principal {
  /** Stable id of the caller: a key's name, a user id. Never the secret itself. */
  id: string;
  organization?: string;
  project?: string;
}
