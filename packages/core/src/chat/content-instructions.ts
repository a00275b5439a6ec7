import type { ContentRule } from "./content-rule.ts";

/** What a model that cannot be held to JSON is told, for it to keep to it anyway. */
export function contentInstructions({ name, description, schema }: ContentRule): string {
  const lines = [
    "Answer with one JSON object and nothing else: no words before or after it, no code fence.",
    ...(schema ? [`It is called "${name}".`] : []),
    ...(description ? [description] : []),
    ...(schema ? ["It must be valid against this JSON Schema:", JSON.stringify(schema)] : []),
  ];
  return lines.join("\n");
}
