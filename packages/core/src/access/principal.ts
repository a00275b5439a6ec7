/** Who is calling. `organization` and `project` appear in response headers and in the settled record. */
export interface Principal {
  /** Stable id of the caller: a key's name, a user id. Never the secret itself. */
  id: string;
  organization?: string;
  project?: string;
  /** Id of the API key that the call came with (`key_…`), where it is one that the platform issued or the host names. Never the secret. */
  apiKey?: string;
  /** Id of the user whose key or session it is; a call has a user, a service account or neither. */
  user?: string;
  /** Id of the service account whose key it is. */
  serviceAccount?: string;
  /**
   * True for who administers `organization` (default: the platform's own): opens the admin API, and none of a project's operations.
   * Default: false.
   */
  admin?: boolean;
}
