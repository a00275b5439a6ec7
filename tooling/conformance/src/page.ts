import type { Requirement } from "@outlet/testing";
import { checks, expected, lackingIn, type TableCell } from "./cells.ts";
import type { Group } from "./groups.ts";

/** `docs/conformance.md`: what is checked, where, and what is known not to be met. */
export function conformancePage(groups: readonly Group[], requirements: readonly Requirement[]): string {
  const cells = groups.reduce((sum, group) => sum + group.cells.length, 0);
  const inside = requirements.filter(({ scope }) => scope === "outlet").length;
  const topics = Map.groupBy(requirements, ({ id }) => id.split(".", 1)[0] as string);
  return [
    "# Conformance",
    "",
    `${requirements.length} requirements, each with the page of OpenAI's documentation that it comes from, checked in ${cells} cells: a cell is one way`,
    "to serve an outlet. [`@outlet/testing`](../packages/testing/README.md) checks them over real connections with the official SDK and with raw HTTP, and",
    "runs on your own application, too. This page says what is expected; the suite fails when a cell does better or worse.",
    "",
    `${inside} of them the outlet alone decides: nothing that serves it or stands in front of it can meet or break one without doing so to`,
    "others. They are marked ° below, and checked in the cells that are named in bold: one of each adapter and runtime. All others are",
    "checked in every cell, among them one of each operation alone. On your own application, the kit runs them all.",
    "",
    ...groups.flatMap((group) => groupSection(group, requirements)),
    "## What is checked",
    "",
    ...[...topics].flatMap(([topic, own]) => [
      `### ${topic}`,
      "",
      ...own.map(
        ({ id, title, reference, scope }) => `- [\`${id}\`](${reference})${scope === "outlet" ? "°" : ""}: ${title}`,
      ),
      "",
    ]),
  ].join("\n");
}

function groupSection({ name, about, cells }: Group, requirements: readonly Requirement[]): string[] {
  const rows = cells.map((cell) => {
    const own = requirements.filter((requirement) => checks(cell, requirement));
    const short = own.filter((requirement) => expected(cell, requirement) !== "passed");
    const ids = short.map(({ id }) => `\`${id}\``).join(", ");
    return [
      cell.variant ? code(cell.name) : `**${code(cell.name)}**`,
      `${own.length - short.length} of ${own.length}`,
      ids,
    ];
  });
  const notes = [...reasons(cells, requirements)].map(
    ([reason, ids]) => `- ${[...ids].map((id) => `\`${id}\``).join(", ")}: ${reason}`,
  );
  const parts = cells.flatMap(({ name, only }) => (only ? [`- ${code(name)} checks ${only.reason}.`] : []));
  return [
    `## ${name}`,
    "",
    about,
    "",
    ...table([["cell", "passed", "falls short of"], ...rows]),
    "",
    ...(notes.length > 0 ? [...notes, ...parts, ""] : []),
  ];
}

/** Each reason with the requirements that it stands for. */
function reasons(cells: readonly TableCell[], requirements: readonly Requirement[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (reason: string, id: string) => found.set(reason, (found.get(reason) ?? new Set()).add(id));
  for (const cell of cells) {
    for (const requirement of requirements) {
      if (!checks(cell, requirement)) continue;
      const lacks = lackingIn(cell, requirement);
      const outcome = expected(cell, requirement);
      if (outcome === "gap") add(cell.gaps?.[requirement.id] as string, requirement.id);
      if (lacks) add(lacks, requirement.id);
    }
  }
  return found;
}

/** Calls and paths in a cell's name, as code. */
function code(name: string): string {
  return name.replaceAll(/(?<= · |^)(\/\S*)|[\w.]+\(\)|raw: false/g, "`$&`");
}

function table([head, ...rows]: readonly (readonly string[])[]): string[] {
  const all = [head as readonly string[], ...rows];
  const widths = (head as readonly string[]).map((_, i) => Math.max(...all.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]) => `| ${row.map((text, i) => text.padEnd(widths[i] as number)).join(" | ")} |`;
  return [
    line(head as readonly string[]),
    `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`,
    ...rows.map(line),
  ];
}
