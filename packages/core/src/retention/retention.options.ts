import { RETENTION_TYPES, type RetentionType } from "./retention-type.ts";

/** What becomes of what is stored. https://platform.openai.com/docs/guides/your-data */
export interface RetentionOptions {
  /**
   * What holds for callers of whose project and organization no admin has said anything: with `zero_data_retention`, nothing that they say or are
   * answered is ever stored. Default: `modified_abuse_monitoring`, and what they ask to be stored is.
   */
  type?: RetentionType;
}

export const DEFAULT_RETENTION: RetentionType = "modified_abuse_monitoring";

/** @throws TypeError that names what cannot be */
export function checkRetention({ type = DEFAULT_RETENTION }: RetentionOptions): void {
  if (!RETENTION_TYPES.includes(type))
    throw new TypeError(`retention.type must be one of ${RETENTION_TYPES.join(", ")}`);
}
