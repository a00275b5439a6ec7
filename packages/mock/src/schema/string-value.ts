import { topicsOf } from "../answer/topics.ts";
import { hash, pick } from "../hash.ts";
import { namesIn } from "./mentioned.ts";
import { textMatching } from "./pattern-text.ts";
import type { JsonSchema, Place, ValueSource } from "./schema.types.ts";

/** A string that fits a schema: by its pattern or format if it has one, else from the text's words. */
export function stringFor(schema: JsonSchema, source: ValueSource, place: Place): string {
  const { pattern, format, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const seed = hash(place.name, source.seed + place.index);
  const suggested = suggestion(schema, source, place, seed);
  const fits = (text: string) => lengthOf(text) >= minLength && lengthOf(text) <= maxLength;
  if (pattern !== undefined) {
    const matches = compiled(pattern);
    if (fits(suggested) && matches?.test(suggested)) return suggested;
    return textMatching(pattern, minLength, maxLength, seed) ?? fitted(suggested, minLength, maxLength);
  }
  if (format !== undefined && FORMATS[format]) return FORMATS[format](source.text, seed);
  return fitted(suggested, minLength, maxLength);
}

/** Lengths in JSON Schema count characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}

function fitted(text: string, min: number, max: number): string {
  const cut = Number.isFinite(max) ? [...text].slice(0, max).join("") : text;
  const missing = min - lengthOf(cut);
  return missing > 0 ? cut + " example".repeat(Math.ceil(missing / 8)).slice(0, missing) : cut;
}

function compiled(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return null;
  }
}

const WHOLE_TEXT =
  /^(?:query|q|question|prompt|text|message|input|content|body|search|request|instructions?)$|(?:_|[a-z])(?:query|text|message)$/i;

function suggestion(
  { description }: JsonSchema,
  { text, seed: whole }: ValueSource,
  place: Place,
  seed: number,
): string {
  const { name, index } = place;
  if (WHOLE_TEXT.test(name) && text.trim() !== "" && index === 0) return text.trim().slice(0, 500);
  const known = knownName(name, text, seed);
  if (known) return known;
  const names = [...namesIn(text), ...topicsOf(text, 8)];
  if (names.length > 0) return names[(index + (place.depth > 1 ? hash(name, whole) : 0)) % names.length] as string;
  const fallback = topicsOf(typeof description === "string" ? description : "", 1)[0] ?? (name || "example");
  return `${fallback.replaceAll("_", " ")}${index > 0 ? ` ${index + 1}` : ""}`;
}

/** Properties that people name alike have values that look alike. */
function knownName(name: string, text: string, seed: number): string | null {
  if (/e?mail/i.test(name)) return (FORMATS.email as Format)(text, seed);
  if (/(?:^|_)(?:url|uri|link|website)$/i.test(name)) return (FORMATS.uri as Format)(text, seed);
  if (/(?:^|_)(?:date|day)$/i.test(name)) return (FORMATS.date as Format)(text, seed);
  if (/(?:^|_)(?:timestamp|datetime|created_at|updated_at)$/i.test(name))
    return (FORMATS["date-time"] as Format)(text, seed);
  if (/^(?:id|.*_id|uuid)$/.test(name)) return `${name.replace(/_?id$/, "") || "item"}_${(seed % 9000) + 1000}`;
  if (/(?:^|_)currency$/i.test(name)) return "EUR";
  return null;
}

type Format = (text: string, seed: number) => string;

const two = (value: number) => String(value).padStart(2, "0");
const dateOf: Format = (text, seed) =>
  /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)\b/.exec(text)?.[0] ??
  `2025-${two(1 + (seed % 12))}-${two(1 + (seed % 28))}`;
const timeOf: Format = (_, seed) => `${two(seed % 24)}:${two((seed >>> 5) % 60)}:00Z`;
const hostOf: Format = (_, seed) => `${pick(["www", "api", "docs"], seed)}.example.com`;

const FORMATS: Readonly<Record<string, Format>> = {
  date: dateOf,
  time: timeOf,
  "date-time": (text, seed) => `${dateOf(text, seed)}T${timeOf(text, seed)}`,
  duration: (_, seed) => `PT${1 + (seed % 12)}H`,
  email: (text, seed) =>
    /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(text)?.[0] ?? `${pick(["ada", "grace", "alan", "edsger"], seed)}@example.com`,
  hostname: hostOf,
  uri: (text, seed) => /https?:\/\/[^\s"'<>)]+/.exec(text)?.[0] ?? `https://${hostOf(text, seed)}/`,
  ipv4: (_, seed) => `192.0.2.${1 + (seed % 254)}`,
  ipv6: (_, seed) => `2001:db8::${(1 + (seed % 0xfffe)).toString(16)}`,
  uuid: (text, seed) => uuidOf(text, seed),
};

function uuidOf(text: string, seed: number): string {
  const found = /\b[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/i.exec(text)?.[0];
  if (found) return found;
  const hex = [1, 2, 3, 4].map((salt) => hash(String(seed), salt).toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
