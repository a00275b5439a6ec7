import { operations } from "@outlet/core";
import { describe, expect, it } from "vitest";
import { requirements } from "./index.ts";

describe("the requirements", () => {
  it.each(operations.map(({ id }) => id))("have one for %s", (id) => {
    expect(requirements.some((requirement) => requirement.operations.includes(id))).toBe(true);
  });

  it("have an id of their own, topic first", () => {
    const ids = requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });

  it("name operations that exist", () => {
    const known = operations.map(({ id }) => id);
    for (const requirement of requirements) {
      expect(requirement.operations.length).toBeGreaterThan(0);
      for (const operation of requirement.operations) expect(known).toContain(operation);
    }
  });

  it("say where they come from, in one sentence each", () => {
    for (const { reference, title } of requirements) {
      expect(reference).toMatch(/^https:\/\/platform\.openai\.com\/docs\/(api-reference|guides)\/[\w/-]+$/);
      expect(title).toMatch(/^[`A-Z].*\.$/);
    }
  });
});
