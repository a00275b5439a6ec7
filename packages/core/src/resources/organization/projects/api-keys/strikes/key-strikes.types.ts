import type { KeyStanding } from "../../../../../identity/strikes.ts";

// The API's own service has nothing of the kind: these replies are Outlet's.

/** What a project's API key has been found at, and what follows from it. Times are Unix seconds; null for none. */
export interface KeyStrikesObject {
  object: "organization.project.api_key.strikes";
  /** The key's. */
  api_key_id: string;
  standing: KeyStanding;
  /** Those that count now. */
  strikes: number;
  /** When the first of them stops to count. */
  next_forgotten_at: number | null;
  throttled_until: number | null;
  suspended_at: number | null;
}

export interface KeyStrikesDeleted {
  /** The key's. */
  id: string;
  object: "organization.project.api_key.strikes.deleted";
  deleted: true;
}
