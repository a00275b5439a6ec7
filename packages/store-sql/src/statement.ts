import type { Compilable, CompiledQuery } from "kysely";
import type { Database } from "./tables.ts";

/** Stands for a value that is known only when the statement runs. */
type Slot = <T>(name: string) => T;

/** A statement that is built once: building costs several times what running it does. */
export interface Statement<Row> {
  run(database: Database, values: Readonly<Record<string, unknown>>): Promise<Row[]>;
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
