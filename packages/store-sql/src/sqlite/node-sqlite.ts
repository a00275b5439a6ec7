import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { CompiledQuery, type Dialect, SqliteDialect } from "kysely";

/** Statements that are kept compiled: a few dozen, and those that insert so many rows at once, for each number of rows up to 128. */
const MAX_STATEMENTS = 512;

/** Kysely's own SQLite dialect on Node's own SQLite, whose transactions take the write lock at once. */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  const dialect = new SqliteDialect({
    async database() {
      const statements = new Map<string, ReturnType<typeof statementOf>>();
      return {
        close: () => database.close(),
        prepare(sql) {
          let statement = statements.get(sql);
          if (!statement) {
            if (statements.size >= MAX_STATEMENTS) statements.clear();
            statement = statementOf(database.prepare(sql));
            statements.set(sql, statement);
          }
          return statement;
        },
      };
    },
  });
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createDriver() {
      const driver = dialect.createDriver();
      // One that began to read and then wants to write would fail where another process wrote in between.
      driver.beginTransaction = async (connection) => {
        await connection.executeQuery(CompiledQuery.raw("begin immediate"));
      };
      return driver;
    },
  };
}

/** The statement as Kysely asks for it. */
function statementOf(statement: StatementSync) {
  const bound = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...bound(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...bound(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...bound(parameters)),
  };
}
