import { z } from "zod";
import { ENHANCED_TYPES, RETENTION_TYPES } from "../../../retention/retention-type.ts";

/** https://platform.openai.com/docs/api-reference/administration */
export const dataRetentionUpdateRequest = z.object({ retention_type: z.enum([...RETENTION_TYPES, ...ENHANCED_TYPES]) });

export type DataRetentionUpdateRequest = z.infer<typeof dataRetentionUpdateRequest>;
