import type { SpendPlace } from "../spend-place.ts";

/** Replies on the spend alerts of organizations and projects. */
export interface SpendAlertObject<Kind extends SpendPlace["kind"]> {
  id: string;
  object: `${Kind}.spend_alert`;
  /** In cents. */
  threshold_amount: number;
  currency: "USD";
  interval: "month";
  notification_channel: {
    type: "email";
    recipients: string[];
    subject_prefix: string | null;
  };
}

export interface SpendAlertDeleted<Kind extends SpendPlace["kind"]> {
  id: string;
  object: `${Kind}.spend_alert.deleted`;
  deleted: true;
}
