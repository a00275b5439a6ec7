import type { Compilable, CompiledQuery, Kysely, QueryResult } from "kysely";

/** A database or a transaction in it, whatever its tables. */
export type Executor = Pick<Kysely<unknown>, "executeQuery">;

/** Stands for a value that is known only when the statement runs. */
type Slot = <T>(name: string) => T;

/** A statement that is built once: building costs several times what running it does. */
export interface Statement<Row> {
  run(database: Executor, values: Readonly<Record<string, unknown>>): Promise<Row[]>;
}

export function prepared<Row>(build: (slot: Slot) => Compilable<Row>): Statement<Row> {
  const slots = new Map<unknown, string>();
  const compiled: CompiledQuery<Row> = build((name) => {
    const marker = Object.freeze({ slot: name });
    slots.set(marker, name);
    return marker as never;
  }).compile();
  const names = compiled.parameters.map((parameter) => slots.get(parameter) ?? null);
  return {
    async run(database, values) {
      const parameters = names.map((name, i) => (name === null ? compiled.parameters[i] : values[name]));
      return (await database.executeQuery<Row>({ ...compiled, parameters })).rows;
    },
  };
}

/**
 * A statement over several rows, built once for each number of them. The columns are those of a row, in the order in which the
 * statement has them.
 */
export function preparedRows<Values extends object, Row>(
  columns: readonly (keyof Values)[],
  build: (rows: readonly Values[]) => Compilable<Row>,
) {
  const byCount = new Map<number, CompiledQuery<Row>>();
  const execute = (database: Executor, rows: readonly Values[]): Promise<QueryResult<Row>> => {
    let compiled = byCount.get(rows.length);
    if (!compiled) {
      compiled = build(rows).compile();
      byCount.set(rows.length, compiled);
    }
    const parameters: unknown[] = [];
    for (const row of rows) for (const column of columns) parameters.push(row[column]);
    return database.executeQuery<Row>({ ...compiled, parameters });
  };
  return {
    async run(database: Executor, rows: readonly Values[]): Promise<Row[]> {
      return (await execute(database, rows)).rows;
    },
    /** How many rows it has written. */
    async count(database: Executor, rows: readonly Values[]): Promise<number> {
      return Number((await execute(database, rows)).numAffectedRows ?? 0);
    },
  };
}
