import type { ListedKey } from "./keys.ts";

const HEAD = ["ID", "NAME", "KEY", "OF", "CREATED", "EXPIRES", "LAST USED"];

/** Keys in columns, one a line. */
export function table(keys: readonly ListedKey[]): string {
  const rows = [HEAD, ...keys.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((cells) => `${line(cells).trimEnd()}\n`).join("");
}

function row(key: ListedKey): string[] {
  const { id, name, redacted_value, project, created_at, expires_at, last_used_at } = key;
  const of = project ? `${shown(project.name)} (${project.id})` : "admin";
  return [id, shown(name), redacted_value, of, day(created_at), day(expires_at), day(last_used_at)];
}

/** A name as one cell, whatever is in it: what moves a terminal's cursor is not let through. */
function shown(name: string): string {
  return name.replaceAll(/\p{C}/gu, "�");
}

function day(seconds: number | null): string {
  return seconds === null ? "-" : new Date(seconds * 1000).toISOString().slice(0, 10);
}
