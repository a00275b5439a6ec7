import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArguments } from "./cli/arguments.ts";
import { ask } from "./test-support.ts";

const BIN = fileURLToPath(new URL("./bin.ts", import.meta.url));
/** What a process has compiled, the next one does not compile again: it starts in half the time. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled/", import.meta.url));

interface Running {
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  errors(): string;
  /** Resolves with the first match in what it prints. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  exits(): Promise<number | null>;
}

function run(...args: string[]): Running {
  const argv = ["--conditions=@outlet/source", "--no-warnings", BIN, ...args];
  const child = spawn(process.execPath, argv, { env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } });
  const exited = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (bytes) => {
    output += bytes;
    for (const listener of listeners) listener();
  });
  child.stderr.on("data", (bytes) => {
    errors += bytes;
  });
  return {
    child,
    output: () => output,
    errors: () => errors,
    exits: () => exited,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output);
          if (found) resolve(found);
        };
        listeners.add(look);
        look();
        exited.then((code) => reject(new Error(`exited with ${code}: ${errors}`)));
      }),
  };
}

async function script(rules: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-mock-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "rules.json");
  await writeFile(file, JSON.stringify(rules));
  return file;
}

describe("outlet-mock", () => {
  it("serves, logs a line for each request, and stops when told", async () => {
    const file = await script({
      rules: [{ name: "greeting", when: { $regex: "^hi", flags: "i" }, reply: "Hi there!" }],
    });
    const running = run("--port", "0", "--script", file, "--key", "sk-a", "--key", "sk-b", "--strict");
    const [, baseURL] = await running.prints(/listens on (\S+)/);
    expect(running.output()).toMatch(/curl http:.*chat\/completions -H "authorization: Bearer sk-a"/);
    const client = new OpenAI({ apiKey: "sk-b", baseURL, maxRetries: 0 });
    expect(await ask(client, "Hi")).toBe("Hi there!");
    await running.prints(/POST createChatCompletion gpt-4o 200 \d+ ms \(by greeting\)\n/);
    await expect(ask(client, "Bye")).rejects.toMatchObject({ code: "no_matching_rule" });
    await expect(ask(client.withOptions({ apiKey: "sk-c" }), "Hi")).rejects.toMatchObject({ status: 401 });
    await running.prints(/POST createChatCompletion - 401 \d+ ms \(failed\)\n/);
    running.child.kill("SIGTERM");
    expect(await running.exits()).toBe(0);
  });

  it("says when the port is in use", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const running = run("--port", String(port));
    expect(await running.exits()).toBe(1);
    expect(running.errors()).toBe(`outlet-mock: port ${port} is in use; choose another with --port\n`);
  });

  it("explains itself, and what is wrong with its arguments", async () => {
    const help = run("--help");
    const broken = run("--script", await script([{ when: { modle: "x" }, reply: "y" }]));
    expect(await Promise.all([help.exits(), broken.exits()])).toEqual([0, 1]);
    expect(help.output()).toMatch(/--tokens-per-second/);
    expect(broken.errors()).toMatch(/rules\.json\[0\]\.when\.modle: unknown key/);
    expect(() => readArguments(["--port", "http"])).toThrow(/--port: expected a number of at least 0, but got "http"/);
    expect(() => readArguments(["--port", "70000"])).toThrow(/--port: expected an integer from 0 to 65535/);
    expect(() => readArguments(["--prot", "1"])).toThrow(/--prot/);
  }, 20_000);
});
