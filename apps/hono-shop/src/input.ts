import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";

/** @throws HTTPException 400 with words for whoever asked. */
export function refuse(problem: string): never {
  throw new HTTPException(400, { message: problem });
}

/**
 * The JSON body, as `read` makes it of the object that came. Anything but `application/json` comes as an empty object: what
 * forms of other sites can send never counts.
 */
export function jsonBody<T>(read: (body: Readonly<Record<string, unknown>>) => T) {
  return validator("json", (body: unknown) =>
    read(typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {}),
  );
}

/** A text of 1 to `most` characters, without what surrounds it. */
export function textOf(value: unknown, name: string, most: number): string {
  if (typeof value !== "string") return refuse(`There is no text in "${name}".`);
  const text = value.trim();
  if (text === "") return refuse("Write something first.");
  if (text.length > most) return refuse(`That is too long: ${most} characters are the most.`);
  return text;
}

export function integerOf(value: unknown, name: string): number {
  return typeof value === "number" && Number.isInteger(value) ? value : refuse(`"${name}" has to be a whole number.`);
}
