import type { ToolResult } from "../script/rule.types.ts";

const MAX_FACTS = 8;
const MAX_TEXT = 600;

/** Puts the results of tools into a sentence each. */
export function toolAnswer(results: readonly ToolResult[]): string {
  const said = results.map(({ name, text }) => {
    const source = name ? `${name} says` : "the tool says";
    return `${source}: ${factsOf(text)}.`;
  });
  const [first = "", ...others] = said;
  return [
    `Here is what I found. ${first.charAt(0).toUpperCase()}${first.slice(1)}`,
    ...others.map((one) => `And ${one}`),
  ]
    .concat("Let me know if you would like to know more.")
    .join(" ");
}

function factsOf(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  const facts: string[] = [];
  collect(value, "", facts);
  const shown = facts
    .slice(0, MAX_FACTS)
    .join(", ")
    .slice(0, MAX_TEXT)
    .replace(/[.\s]+$/, "");
  return shown || "nothing";
}

function collect(value: unknown, name: string, facts: string[]): void {
  if (facts.length >= MAX_FACTS) return;
  if (Array.isArray(value)) for (const item of value) collect(item, name, facts);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, name ? `${name} ${key}` : key, facts);
  } else facts.push(name ? `${name.replaceAll("_", " ")} is ${String(value)}` : String(value));
}
