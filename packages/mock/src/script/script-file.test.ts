import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, start } from "../test-support.ts";
import { parseScript, readScript } from "./script-file.ts";

async function file(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-mock-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "script.json");
  await writeFile(path, content);
  return path;
}

describe("script files", () => {
  it("reads rules with patterns", async () => {
    const path = await file(
      JSON.stringify({
        rules: [
          { when: { $regex: "^hel+o", flags: "i" }, reply: ["one", { text: "two" }] },
          { when: { body: { metadata: { run: { $regex: "^r\\d$" } } } }, reply: { json: { $regex: "data" } } },
        ],
      }),
    );
    const { client } = await start({ rules: await readScript(path), strict: true });
    expect([await ask(client, "Helllo"), await ask(client, "HELLO")]).toEqual(["one", "two"]);
    expect(await ask(client, "x", { metadata: { run: "r1" } })).toBe('{"$regex":"data"}');
    await expect(ask(client, "x", { metadata: { run: "rx" } })).rejects.toMatchObject({ code: "no_matching_rule" });
  });

  it.each([
    ["[{}", /^s\.json: is not valid JSON/],
    ['{"rule": []}', /^s\.json: expected a list of rules, but got an object/],
    ['[{"reply": "x"}, {"reply": {"txt": "x"}}]', /^s\.json\[1\]\.reply\.txt: unknown key; known keys are text,/],
    [
      '{"rules": [{"when": {"user": {"$regex": "("}}, "reply": "x"}]}',
      /^s\.json: rules\[0\]\.when\.user: Invalid regular/,
    ],
    ['[{"when": {"$regex": "x", "flag": "i"}, "reply": "x"}]', /^s\.json\[0\]\.when\.flag: unknown key/],
    ['[{"reply": "x", "times": 0}]', /^s\.json\[0\]\.times: expected an integer of at least 1, but got 0/],
  ])("names what is wrong with %s", (text, message) => {
    expect(() => parseScript(text, "s.json")).toThrow(message);
  });

  it("names a file that is not there", async () => {
    await expect(readScript("/nowhere/script.json")).rejects.toThrow(
      /\/nowhere\/script\.json: cannot be read \(ENOENT\)/,
    );
  });
});
