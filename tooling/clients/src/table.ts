import { type Client, type Scenario, scenarios } from "./client.types.ts";

export interface Result {
  readonly client: string;
  readonly scenario: Scenario;
  /** Framework and engine. */
  readonly stand: string;
  readonly passed: boolean;
}

/** Library and scenario × stand, as Markdown, with the reason for every dash and the notes under it. */
export function formatTable(clients: readonly Client[], stands: readonly string[], results: readonly Result[]): string {
  const rows = clients.flatMap(({ name, lacks }) =>
    scenarios.map((scenario) => {
      const marks = stands.map((stand) => {
        if (lacks[scenario] !== undefined) return "–";
        const result = results.find((one) => one.client === name && one.scenario === scenario && one.stand === stand);
        return result ? (result.passed ? "✓" : "✗") : "";
      });
      return `| ${name} | ${scenario} | ${marks.join(" | ")} |`;
    }),
  );
  const said = (mark: string, name: string, about: Client["lacks"] = {}) =>
    Object.entries(about).map(([scenario, text]) => `- ${mark} ${name}, ${scenario}: ${text}`);
  const remarks = clients.flatMap(({ name, lacks, notes }) => [...said("–", name, lacks), ...said("✓", name, notes)]);
  return [
    `| client | scenario | ${stands.join(" | ")} |`,
    `| --- | --- |${stands.map(() => " :-: |").join("")}`,
    ...rows,
    "",
    ...remarks,
    "",
  ].join("\n");
}
