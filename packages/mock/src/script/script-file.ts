import { readFile } from "node:fs/promises";
import { isPlainObject } from "./check.ts";
import { checkRules } from "./check-rules.ts";
import type { Rule } from "./rule.types.ts";

/**
 * Reads rules from a JSON file: a list of rules, or an object with `rules`. A pattern is written as
 * `{ "$regex": "^hello", "flags": "i" }`.
 * @throws TypeError that names the file and the path in it
 */
export async function readScript(file: string): Promise<Rule[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new TypeError(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return parseScript(text, file);
}

/** @throws TypeError that names `source` and the path in it */
export function parseScript(text: string, source: string): Rule[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`${source}: is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const listed = isPlainObject(json) && Object.hasOwn(json, "rules");
  const path = listed ? `${source}: rules` : source;
  const rules = withPatterns(listed ? (json as { rules: unknown }).rules : json, path);
  checkRules(rules, path);
  return [...rules];
}

/** Turns `{ "$regex": … }` into a RegExp, wherever one stands in a `when`; elsewhere it is data. */
function withPatterns(rules: unknown, path: string): unknown {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule, i) => {
    if (!isPlainObject(rule) || rule.when === undefined) return rule;
    return { ...rule, when: revive(rule.when, `${path}[${i}].when`) };
  });
}

function revive(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, i) => revive(item, `${path}[${i}]`));
  if (!isPlainObject(value)) return value;
  if (Object.hasOwn(value, "$regex")) return toRegExp(value, path);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, `${path}.${key}`)]));
}

function toRegExp({ $regex, flags = "", ...rest }: Record<string, unknown>, path: string): RegExp {
  const [unknown] = Object.keys(rest);
  if (unknown) throw new TypeError(`${path}.${unknown}: unknown key; a pattern has $regex and flags`);
  try {
    return new RegExp(String($regex), String(flags));
  } catch (cause) {
    throw new TypeError(`${path}: ${(cause as Error).message}`, { cause });
  }
}
