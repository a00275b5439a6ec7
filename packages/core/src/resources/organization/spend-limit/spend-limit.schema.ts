import { z } from "zod";
import { cents, everyMonth } from "../spend-amount.ts";

/** https://platform.openai.com/docs/api-reference/administration */
export const spendLimitUpdateRequest = z.object({ threshold_amount: cents(1), ...everyMonth });

export type SpendLimitUpdateRequest = z.infer<typeof spendLimitUpdateRequest>;
