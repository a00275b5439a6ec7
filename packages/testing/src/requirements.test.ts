import { operations } from "@outlet/core";
import { describe, expect, it } from "vitest";
import { requirements } from "./index.ts";
import { OUTLET_SCOPE } from "./outlet-scope.ts";

/** What is answered without asking the kit's engines for anything. */
const WITHOUT_ENGINE = [
  "getResponse",
  "deleteResponse",
  "cancelResponse",
  "listInputItems",
  "Getinputtokencounts",
  "listModels",
  "retrieveModel",
  "deleteModel",
  "listChatCompletions",
  "getChatCompletion",
  "updateChatCompletion",
  "deleteChatCompletion",
  "getChatCompletionMessages",
  "createConversation",
  "getConversation",
  "updateConversation",
  "deleteConversation",
  "createConversationItems",
  "listConversationItems",
  "getConversationItem",
  "deleteConversationItem",
];

describe("the requirements", () => {
  it.each(operations.map(({ id }) => id))("have one for %s alone, and others that it shares", (id) => {
    const about = requirements.filter((one) => one.operations.includes(id) && !one.id.startsWith("abort."));
    expect(about.some((one) => one.operations.length === 1)).toBe(true);
    expect(about.some((one) => one.operations.length > 1)).toBe(true);
  });

  it.each(operations.filter(({ id, auth }) => auth !== "admin" && !WITHOUT_ENGINE.includes(id)))(
    "have one for a client that leaves $id, in every phase",
    ({ id, streams }) => {
      const own = requirements.filter((one) => one.id.startsWith("abort.") && one.operations.includes(id));
      const phases = new Set(own.map((one) => one.id.split(".").at(-1)));
      const expected = ["whole", ...(streams ? ["before-headers", "before-first-token", "mid-stream"] : [])];
      expect([...phases]).toEqual(expect.arrayContaining(expected));
    },
  );

  it.each(operations.map(({ id }) => id))("have one for %s alone that every cell has to meet", (id) => {
    const own = requirements.filter(
      ({ operations: about, scope }) => about.includes(id) && about.length === 1 && !scope,
    );
    expect(own).not.toEqual([]);
  });

  it("leave to the outlet alone nothing of streams that arrive, headers, URLs, bodies, errors and clients that leave", () => {
    const ids = requirements.map(({ id }) => id);
    expect([...OUTLET_SCOPE].filter((id) => !ids.includes(id))).toEqual([]);
    const inside = requirements.filter(({ scope }) => scope === "outlet");
    expect(inside).toHaveLength(OUTLET_SCOPE.size);
    const elsewhere = /^(abort|after-200|errors|forward|headers|limits)\.|\.(stream|far|upstream|sdk)$|\.(far|sdk)\./;
    expect(inside.map(({ id }) => id).filter((id) => elsewhere.test(id) && id !== "stored-chat.upstream")).toEqual([]);
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
