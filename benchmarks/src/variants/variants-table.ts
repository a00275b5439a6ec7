import type { Cost } from "./measure-variants.ts";

/** As Markdown, with what a variant is beside the first. */
export function variantsTable(costs: readonly Cost[]): string {
  const rows = costs.map(({ variant, cpu, ratios }, i) => {
    const [low, middle, high] = ratios.map((ratio) => ratio.toFixed(2));
    return `| ${variant} | ${cpu.toFixed(0)} µs | ${i === 0 ? "1.00 | " : `${middle} | ${low} to ${high}`} |`;
  });
  return ["| | CPU of a request | beside the first | quartiles |", "| --- | --: | --: | --: |", ...rows].join("\n");
}
