import type { LedgerEntry, SettledEntry, Settlement, UsageKind } from "@outlet/core";
import { restored, stored } from "../text.ts";
import type { Settled } from "./group.ts";
import { entriesUnderWay } from "./open-rows.ts";
import type { EntriesTable, LedgerDatabase, SeriesTable } from "./tables.ts";

export type NewEntry = Omit<EntriesTable, "position">;

/** Reads entries: open ones that were left, and settled ones. */
export function createEntries(database: LedgerDatabase, node: number) {
  return {
    async abandoned(limit: number): Promise<LedgerEntry[]> {
      const rows = await database
        .selectFrom("outlet_ledger_open as open")
        .leftJoin("outlet_ledger_nodes as nodes", "nodes.number", "open.node")
        .select(["open.entries", "open.under_way"])
        .where("open.node", "<>", node)
        .where((is) => is.or([is("nodes.number", "is", null), is("nodes.alive_until", "<", Date.now())]))
        .orderBy("open.opened_at")
        .limit(limit)
        .execute();
      const entries = rows.flatMap(entriesUnderWay);
      return entries.sort((a, b) => a.openedAt - b.openedAt).slice(0, limit);
    },
    async list({ after = 0, limit }: { after?: number; limit: number }): Promise<SettledEntry[]> {
      const rows = await database
        .selectFrom("outlet_ledger_entries")
        .innerJoin("outlet_ledger_series", "outlet_ledger_series.number", "outlet_ledger_entries.series")
        .selectAll()
        .where("position", ">", after)
        .orderBy("position")
        .limit(limit)
        .execute();
      return rows.map(settledOf);
    },
  };
}

export function newEntry({ entry, settlement }: Settled, series: number): NewEntry {
  const { usage } = settlement;
  return {
    id: stored(entry.id),
    series,
    opened_at: entry.openedAt,
    settled_at: settlement.settledAt,
    operation: entry.operation,
    outcome: settlement.outcome,
    estimated: usage.estimated ? 1 : 0,
    input_tokens: usage.input_tokens,
    cached_tokens: usage.cached_tokens,
    output_tokens: usage.output_tokens,
    reasoning_tokens: usage.reasoning_tokens,
    input_audio_tokens: usage.input_audio_tokens ?? 0,
    output_audio_tokens: usage.output_audio_tokens ?? 0,
    input_image_tokens: usage.input_image_tokens ?? 0,
    output_image_tokens: usage.output_image_tokens ?? 0,
    characters: usage.characters ?? 0,
    seconds: usage.seconds ?? 0,
    images: usage.images ?? 0,
    cost: settlement.cost,
  };
}

type Row = { [Name in keyof EntriesTable]: Name extends "position" ? number : EntriesTable[Name] } & Omit<
  SeriesTable,
  "number"
>;

function settledOf(row: Row): SettledEntry {
  const usage: SettledEntry["usage"] = {
    input_tokens: Number(row.input_tokens),
    cached_tokens: Number(row.cached_tokens),
    output_tokens: Number(row.output_tokens),
    reasoning_tokens: Number(row.reasoning_tokens),
    ...some("input_audio_tokens", row.input_audio_tokens),
    ...some("output_audio_tokens", row.output_audio_tokens),
    ...some("input_image_tokens", row.input_image_tokens),
    ...some("output_image_tokens", row.output_image_tokens),
    ...some("characters", row.characters),
    ...some("seconds", row.seconds),
    ...some("images", row.images),
    estimated: row.estimated === 1,
  };
  return {
    position: Number(row.position),
    id: restored(row.id),
    openedAt: Number(row.opened_at),
    settledAt: Number(row.settled_at),
    operation: row.operation,
    outcome: row.outcome as Settlement["outcome"],
    organization: restored(row.organization) || null,
    project: restored(row.project) || null,
    apiKey: restored(row.api_key),
    user: restored(row.user_id) || null,
    model: restored(row.model),
    kind: row.kind as UsageKind,
    batch: row.batch === 1,
    usage,
    cost: Number(row.cost),
  };
}

function some<Name extends string>(name: Name, count: number): Partial<Record<Name, number>> {
  return Number(count) > 0 ? ({ [name]: Number(count) } as Record<Name, number>) : {};
}
