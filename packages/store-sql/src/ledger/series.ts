import { hash } from "node:crypto";
import type { LedgerEntry } from "@outlet/core";
import { stored } from "../text.ts";
import type { SeriesTable } from "./tables.ts";

export type NewSeries = Omit<SeriesTable, "number">;

/** What tells an entry's series, with the model that it was settled with. */
export type Dimensions = Pick<LedgerEntry, "organization" | "project" | "apiKey" | "user" | "model" | "kind" | "batch">;

const KEY_BYTES = 16;

/** As columns have it: an empty text where there is none, since a key must have something. */
export function seriesOf({ organization, project, apiKey, user, model, kind, batch }: Dimensions): NewSeries {
  const values = {
    organization: stored(organization ?? ""),
    project: stored(project ?? ""),
    api_key: stored(apiKey),
    user_id: stored(user ?? ""),
    model: stored(model),
    kind,
    batch: Number(batch),
  };
  return { key: hash("sha256", JSON.stringify(Object.values(values)), "buffer").subarray(0, KEY_BYTES), ...values };
}

/** The numbers of series in use, known in memory: what is in the database of a number never changes. */
export interface KnownSeries {
  get(entry: LedgerEntry, model: string): number | undefined;
  set(entry: LedgerEntry, model: string, number: number): void;
  clear(): void;
}

const MOST_KNOWN = 50_000;

export function createKnownSeries(): KnownSeries {
  const numbers = new Map<string, number>();
  return {
    get: (entry, model) => numbers.get(nameOf(entry, model)),
    set(entry, model, number) {
      // In one go: what is in use is soon known again.
      if (numbers.size >= MOST_KNOWN) numbers.clear();
      numbers.set(nameOf(entry, model), number);
    },
    clear: () => numbers.clear(),
  };
}

/** Lengths keep names apart, whatever is in them. */
function nameOf({ organization, project, apiKey, user, kind, batch }: LedgerEntry, model: string): string {
  const [of, at, by] = [organization ?? "", project ?? "", user ?? ""];
  return `${of.length} ${at.length} ${apiKey.length} ${by.length} ${batch ? "b" : ""}${kind} ${of}${at}${apiKey}${by}${model}`;
}
