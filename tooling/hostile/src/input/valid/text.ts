import fc, { type Arbitrary } from "fast-check";

/** Texts by code units: lone surrogates, NUL and line separators are texts, too. */
export function textOf(minLength: number, maxLength: number): Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: "binary", minLength, maxLength }),
    fc.array(fc.nat({ max: 0xffff }), { minLength, maxLength }).map((units) => String.fromCharCode(...units)),
  );
}

export const anyText = textOf(0, 40);
export const name = fc.string({ unit: fc.constantFrom(..."aZ09_-"), minLength: 1, maxLength: 64 });
