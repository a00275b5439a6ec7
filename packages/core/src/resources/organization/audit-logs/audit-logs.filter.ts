import type { AuditData } from "../../../identity/audit.ts";
import type { StoredRecord } from "../../../store/store.ts";
import type { AuditLogListQuery } from "./audit-logs.schema.ts";

export interface AuditFilter {
  /** What the store itself filters by: one value of a kind. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is left to be filtered record by record; null for nothing. */
  readonly keeps: ((record: StoredRecord) => boolean) | null;
  /** True for a record that is older than all that is wanted; the list goes from the newest on. */
  readonly isOver: (record: StoredRecord) => boolean;
}

/** Divides a query's filters into what an index finds and what has to be looked at. */
export function auditFilter(query: AuditLogListQuery): AuditFilter {
  const wanted: readonly (readonly [label: string, values: readonly string[]])[] = [
    ["type", query.event_types ?? []],
    ["project", query.project_ids ?? []],
    ["actor", query.actor_ids ?? []],
    ["resource", query.resource_ids ?? []],
  ];
  // An actor has several ids, and a label for one of them.
  const single = wanted.filter(([label, values]) => values.length === 1 && label !== "actor");
  const several = wanted.filter(([label, values]) => values.length > 1 || (label === "actor" && values.length > 0));
  const { gt, gte, lt, lte } = query.effective_at ?? {};
  const from = Math.max(gte ?? 0, gt === undefined ? 0 : gt + 1);
  const to = Math.min(lte ?? Number.POSITIVE_INFINITY, lt === undefined ? Number.POSITIVE_INFINITY : lt - 1);
  const bySight = several.length > 0 || query.effective_at !== undefined;
  return {
    labels: Object.fromEntries(single.map(([label, [value = ""]]) => [label, value])),
    isOver: ({ createdAt }) => createdAt < from,
    keeps: bySight
      ? (record) =>
          record.createdAt <= to &&
          several.every(([label, values]) => idsOf(label, record).some((id) => values.includes(id)))
      : null,
  };
}

function idsOf(label: string, { labels, data }: StoredRecord): string[] {
  if (label !== "actor") return [labels[label] ?? ""];
  const { id, user, serviceAccount } = (data as AuditData).actor;
  return [id, user ?? "", serviceAccount ?? ""];
}
