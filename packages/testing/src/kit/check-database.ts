import { within } from "./within.ts";

/** A database of its own, and what can be opened on it: more than once at a time where it is shared. */
export interface OwnDatabase<Opened> {
  open(): Promise<Opened>;
  /** True when everything that is opened sees the same, and it outlives what is opened. */
  readonly shared: boolean;
  /** Removes it, after everything that was opened has been closed. */
  drop(): Promise<void>;
}

export interface Checked {
  /** `not-applicable`: the database cannot be shared. */
  readonly outcome: "passed" | "failed" | "not-applicable";
  /** Why it failed. */
  readonly error?: unknown;
  readonly durationMs: number;
}

const REQUIREMENT_MS = 30_000;

/** Checks one requirement on a database of its own. Rejects only when that cannot be made, opened, closed or dropped. */
export async function checkOnDatabase<Opened extends { close?(): Promise<void> }>(
  create: () => Promise<OwnDatabase<Opened>>,
  requirement: { readonly id: string; readonly needs?: readonly "shared"[] },
  check: (first: Opened, open: () => Promise<Opened>) => Promise<void>,
): Promise<Checked> {
  const start = performance.now();
  const result = (rest: Pick<Checked, "outcome" | "error">): Checked => ({
    ...rest,
    durationMs: performance.now() - start,
  });
  const database = await create();
  const opened: Opened[] = [];
  const open = async () => {
    const one = await database.open();
    opened.push(one);
    return one;
  };
  try {
    if (requirement.needs?.includes("shared") && !database.shared) return result({ outcome: "not-applicable" });
    const first = await open();
    try {
      await within(`requirement ${requirement.id}`, check(first, open), REQUIREMENT_MS);
      return result({ outcome: "passed" });
    } catch (error) {
      return result({ outcome: "failed", error });
    }
  } finally {
    await Promise.all(opened.map((one) => one.close?.()));
    await database.drop();
  }
}
