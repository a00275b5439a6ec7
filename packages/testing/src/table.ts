import type { Result } from "./conformance.ts";

const MARKS = { passed: "✓", failed: "✗", gap: "–", "not-applicable": "–" } as const;

/** Results as a Markdown table, requirement × cell, with every dash and every failure explained under it. */
export function formatTable(results: readonly Result[]): string {
  const cells = [...new Set(results.map(({ cell }) => cell))];
  const rows = Map.groupBy(results, ({ requirement }) => requirement.id);
  const lines = [
    `| requirement | ${cells.join(" | ")} |`,
    `| --- |${cells.map(() => " :-: |").join("")}`,
    ...[...rows].map(([id, row]) => {
      const { reference, title } = (row[0] as Result).requirement;
      const marks = cells.map((cell) => {
        const result = row.find((one) => one.cell === cell);
        return result ? MARKS[result.outcome] : "";
      });
      return `| [\`${id}\`](${reference}) ${title.replaceAll("|", "\\|")} | ${marks.join(" | ")} |`;
    }),
    totals(results, cells),
  ];
  return [...lines, "", ...explanations(results), ""].join("\n");
}

function totals(results: readonly Result[], cells: readonly string[]): string {
  const counts = cells.map((cell) => {
    const applicable = results.filter((one) => one.cell === cell && one.outcome !== "not-applicable");
    return `${applicable.filter(({ outcome }) => outcome === "passed").length} of ${applicable.length}`;
  });
  return `| **passed** | ${counts.join(" | ")} |`;
}

/** One line for each reason, with the cells and requirements it stands for. */
function explanations(results: readonly Result[]): string[] {
  const dashes = results.filter(({ outcome }) => outcome === "gap" || outcome === "not-applicable");
  const byReason = Map.groupBy(dashes, ({ cell, reason }) => `${cell}: ${reason}`);
  const failed = results.filter(({ outcome }) => outcome === "failed");
  return [
    ...[...byReason].map(
      ([reason, group]) => `- – ${reason} (${group.map((one) => `\`${one.requirement.id}\``).join(", ")})`,
    ),
    ...failed.map(({ cell, requirement, error }) => `- ✗ ${cell}: \`${requirement.id}\`: ${firstLine(error)}`),
  ];
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n").filter(Boolean).slice(0, 3).join(" ").slice(0, 300);
}
