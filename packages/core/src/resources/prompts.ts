/** `input` and `prompt` come as one text, one token array, or a list of either; as a list they are all the same. */
export function promptList(value: string | number[] | string[] | number[][]): (string | number[])[] {
  if (typeof value === "string") return [value];
  return typeof value[0] === "number" ? [value as number[]] : (value as (string | number[])[]);
}
