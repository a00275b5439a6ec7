/** JSON text put into a body as it is: what no JavaScript value can stand for. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** More members of an object, as text: the only way to a key that is there twice. */
export const MEMBERS = Symbol("members");

/** `JSON.stringify`, with `Raw` and `MEMBERS` written out. Lone surrogates stay escaped, as `JSON.stringify` has them. */
export function render(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(render).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${render(item)}`);
  const more = (value as { [MEMBERS]?: string[] })[MEMBERS] ?? [];
  return `{${[...members, ...more].join(",")}}`;
}
