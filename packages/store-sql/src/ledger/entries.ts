import type { Held, LedgerEntry, SettledEntry, Settlement, UsageKind } from "@outlet/core";
import { preparedRows } from "../statement.ts";
import { restored, stored } from "../text.ts";
import type { EntriesTable, LedgerDatabase, OpenTable } from "./tables.ts";

/** An open entry, as it is kept. */
export interface OpenEntry {
  readonly entry: LedgerEntry;
  readonly held: Held;
}

export interface Settled {
  readonly entry: LedgerEntry;
  readonly settlement: Settlement;
}

type EntryValues = Omit<EntriesTable, "position">;

const OPEN_COLUMNS = ["id", "node", "opened_at", "entry", "held"] as const satisfies (keyof OpenTable)[];

/** In the order in which `entryValues` has them. */
const ENTRY_COLUMNS = [
  "id",
  "opened_at",
  "settled_at",
  "operation",
  "outcome",
  "estimated",
  "organization",
  "project",
  "api_key",
  "user_id",
  "model",
  "kind",
  "batch",
  "input_tokens",
  "cached_tokens",
  "output_tokens",
  "reasoning_tokens",
  "input_audio_tokens",
  "output_audio_tokens",
  "input_image_tokens",
  "output_image_tokens",
  "characters",
  "seconds",
  "images",
  "cost",
] as const satisfies (keyof EntryValues)[];

export function createEntries(database: LedgerDatabase, node: string) {
  const insertOpen = preparedRows<OpenTable, never>(
    OPEN_COLUMNS,
    (rows) => database.insertInto("outlet_ledger_open").values(rows) as never,
  );
  const deleteOpen = preparedRows<{ id: string }, { id: string; held: string }>(["id"], (rows) =>
    database
      .deleteFrom("outlet_ledger_open")
      .where(
        "id",
        "in",
        rows.map(({ id }) => id),
      )
      .returning(["id", "held"]),
  );
  const insertSettled = preparedRows<EntryValues, never>(
    ENTRY_COLUMNS,
    (rows) => database.insertInto("outlet_ledger_entries").values(rows) as never,
  );

  return {
    async open(db: LedgerDatabase, entries: readonly OpenEntry[]): Promise<void> {
      if (entries.length === 0) return;
      await insertOpen.run(
        db,
        entries.map(({ entry, held }) => ({
          id: stored(entry.id),
          node,
          opened_at: entry.openedAt,
          // JSON has no character that a database cannot keep.
          entry: JSON.stringify(entry),
          held: JSON.stringify(held),
        })),
      );
    },
    /** Those of the entries that were open, by id, which are so no more. */
    async take(db: LedgerDatabase, ids: readonly string[]): Promise<Map<string, Held>> {
      if (ids.length === 0) return new Map();
      const rows = await deleteOpen.run(
        db,
        ids.map((id) => ({ id: stored(id) })),
      );
      return new Map(rows.map(({ id, held }) => [restored(id), JSON.parse(held)]));
    },
    async settle(db: LedgerDatabase, settled: readonly Settled[]): Promise<void> {
      if (settled.length > 0) await insertSettled.run(db, settled.map(entryValues));
    },
    async abandoned(limit: number): Promise<LedgerEntry[]> {
      const rows = await database
        .selectFrom("outlet_ledger_open as open")
        .leftJoin("outlet_ledger_nodes as nodes", "nodes.id", "open.node")
        .select("open.entry")
        .where("open.node", "<>", node)
        .where((is) => is.or([is("nodes.id", "is", null), is("nodes.alive_until", "<", Date.now())]))
        .orderBy("open.opened_at")
        .limit(limit)
        .execute();
      return rows.map(({ entry }) => JSON.parse(entry));
    },
    async list({ after = 0, limit }: { after?: number; limit: number }): Promise<SettledEntry[]> {
      const rows = await database
        .selectFrom("outlet_ledger_entries")
        .selectAll()
        .where("position", ">", after)
        .orderBy("position")
        .limit(limit)
        .execute();
      return rows.map(settledOf);
    },
  };
}

function entryValues({ entry, settlement: { usage, ...settlement } }: Settled): EntryValues {
  return {
    id: stored(entry.id),
    opened_at: entry.openedAt,
    settled_at: settlement.settledAt,
    operation: entry.operation,
    outcome: settlement.outcome,
    estimated: Number(usage.estimated),
    ...dimensionsOf({ ...entry, model: settlement.model }),
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

/** As columns have them: an empty text where there is none, since a key must have something. */
export function dimensionsOf(
  entry: Pick<LedgerEntry, "organization" | "project" | "apiKey" | "user" | "model" | "kind" | "batch">,
) {
  return {
    organization: stored(entry.organization ?? ""),
    project: stored(entry.project ?? ""),
    api_key: stored(entry.apiKey),
    user_id: stored(entry.user ?? ""),
    model: stored(entry.model),
    kind: entry.kind,
    batch: Number(entry.batch),
  };
}

function settledOf(
  row: { [Name in keyof EntriesTable]: Name extends "position" ? number : EntriesTable[Name] },
): SettledEntry {
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
