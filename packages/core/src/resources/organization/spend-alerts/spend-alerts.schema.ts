import { z } from "zod";
import { pageQuery } from "../../../pipeline/page.ts";
import { cents, everyMonth } from "../spend-amount.ts";

// Requests of https://platform.openai.com/docs/api-reference/administration.

/** The reference states no bounds. */
const MAX_RECIPIENTS = 50;
const MAX_EMAIL = 320;
const MAX_PREFIX = 256;

export const notificationChannel = z.object({
  type: z.enum(["email"]),
  recipients: z.array(z.email().max(MAX_EMAIL)).min(1).max(MAX_RECIPIENTS),
  subject_prefix: z.string().max(MAX_PREFIX).nullish(),
});

export const spendAlertRequest = z.object({
  threshold_amount: cents(0),
  ...everyMonth,
  notification_channel: notificationChannel,
});

export const spendAlertListQuery = pageQuery;

export type SpendAlertRequest = z.infer<typeof spendAlertRequest>;
