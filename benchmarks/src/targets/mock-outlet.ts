import { createMockServer } from "@outlet/mock";
import { port } from "./environment.ts";
import { TEXT, TRIGGER } from "./mock-script.ts";

await createMockServer({ port, rules: [{ when: TRIGGER, reply: TEXT }] });
