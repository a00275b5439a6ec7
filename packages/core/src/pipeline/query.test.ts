import { expect, it } from "vitest";
import { z } from "zod";
import { parseQuery } from "./query.ts";
import { createValidate } from "./validate.ts";

const schema = z.object({
  limit: z.int().min(1).max(100).optional(),
  stream: z.boolean().optional(),
  include: z.array(z.enum(["a", "b"])).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  effective_at: z.object({ gt: z.int().optional() }).optional(),
  after: z.string().optional(),
});
const parse = (search: string) => parseQuery(search, { schema, validate: createValidate(schema) });

it("reads numbers, booleans, lists, maps and objects, as SDKs write them", () => {
  expect(
    parse("limit=20&stream=true&include[]=a&include[]=b&metadata[k%20v]=x%26y&effective_at[gt]=5&after=1"),
  ).toEqual({
    limit: 20,
    stream: true,
    include: ["a", "b"],
    metadata: { "k v": "x&y" },
    effective_at: { gt: 5 },
    after: "1",
  });
  expect(parse("include=a&include=b")).toEqual({ include: ["a", "b"] });
  expect(parse("api-version=2024&limit=2")).toEqual({ limit: 2 });
  expect(parse("")).toEqual({});
});

it.each([
  ["limit=0", "limit"],
  ["limit=1e2", "limit"],
  ["limit=", "limit"],
  ["stream=yes", "stream"],
  ["include[]=c", "include[0]"],
  ["metadata=x", "metadata"],
  ["effective_at[gt]=soon", "effective_at.gt"],
])("refuses %s by name", (search, param) => {
  expect(() => parse(search)).toThrow(expect.objectContaining({ status: 400, param }));
});

it("is bounded, and safe from prototype keys", () => {
  expect(() => parse(`x=${"y".repeat(20_000)}`)).toThrow("too long");
  expect(() => parse("a&".repeat(300))).toThrow("parameters");
  expect(parse("metadata[__proto__]=x")).toEqual({ metadata: Object.fromEntries([["__proto__", "x"]]) });
  expect(({} as { x?: string }).x).toBeUndefined();
});
