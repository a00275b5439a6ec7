/** What holds of what callers send, as the admin API names it; see docs/retention.md for what each of them means in an outlet. */
export type RetentionType = (typeof RETENTION_TYPES)[number];

/** For an organization: what it asks to be stored is stored, or nothing ever is. */
export const RETENTION_TYPES = ["modified_abuse_monitoring", "zero_data_retention"] as const;

/** For a project, which may leave it to its organization, or be exempt from what that says. */
export const PROJECT_RETENTION_TYPES = ["organization_default", "none", ...RETENTION_TYPES] as const;

export type ProjectRetentionType = (typeof PROJECT_RETENTION_TYPES)[number];

/** Those that promise what only OpenAI can do: safety checks of its own on what is not kept. */
export const ENHANCED_TYPES = ["enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring"] as const;
