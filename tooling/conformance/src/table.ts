import type { Row } from "./rows.ts";

const MARKS = { passed: "✓", failed: "✗", gap: "–", "not-applicable": "–" } as const;

/** One line a cell: how many requirements it met, and those that it is known not to meet. */
export function summary(rows: readonly Row[]): string {
  const byCell = Map.groupBy(rows, ({ cell }) => cell);
  const width = Math.max(...[...byCell.keys()].map(({ length }) => length));
  return [...byCell].map(([cell, own]) => `${cell.padEnd(width)}  ${total(own)}  ${missed(own)}`.trimEnd()).join("\n");
}

/** Requirement × cell. Cells are numbered, and named above; dashes and failures are explained below. */
export function fullTable(rows: readonly Row[]): string {
  const cells = [...Map.groupBy(rows, ({ cell }) => cell)];
  const requirements = new Map(rows.map(({ requirement }) => [requirement.id, requirement]));
  const marks = (id: string) =>
    cells.map(([, own]) => {
      const row = own.find(({ requirement }) => requirement.id === id);
      return row ? MARKS[row.outcome] : "";
    });
  return [
    ...cells.map(([cell, own], i) => `${i + 1}. ${cell}: ${total(own)}`),
    "",
    `| requirement | ${cells.map((_, i) => i + 1).join(" | ")} |`,
    `| --- |${cells.map(() => " :-: |").join("")}`,
    ...[...requirements.values()].map(
      ({ id, title, reference }) =>
        `| [\`${id}\`](${reference}) ${title.replaceAll("|", "\\|")} | ${marks(id).join(" | ")} |`,
    ),
    "",
    ...rows.flatMap(({ cell, requirement: { id }, outcome, reason, error }) =>
      outcome === "passed" ? [] : [`- ${MARKS[outcome]} ${cell}: \`${id}\`: ${reason ?? error?.split("\n", 1)[0]}`],
    ),
    "",
  ].join("\n");
}

function total(rows: readonly Row[]): string {
  return `${rows.filter(({ outcome }) => outcome === "passed").length} of ${rows.length}`;
}

function missed(rows: readonly Row[]): string {
  const others = rows.filter(({ outcome }) => outcome !== "passed");
  return others.map(({ outcome, requirement: { id } }) => (outcome === "failed" ? `${id} FAILED` : id)).join(", ");
}
