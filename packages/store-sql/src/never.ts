/** `expires_at` of records that do not expire: a number, so that one comparison finds what is alive, in an index. */
export const NEVER = Number.MAX_SAFE_INTEGER;
