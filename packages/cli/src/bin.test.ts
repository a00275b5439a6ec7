import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createOutlet, defineModel, type Logger, type PolicyOptions } from "@outlet/core";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import OpenAI from "openai";
import { expect, it, onTestFinished } from "vitest";
import { readArguments } from "./arguments.ts";

const BIN = fileURLToPath(new URL("./bin.ts", import.meta.url));
/** What a process has compiled, the next one does not compile again: it starts in half the time. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled/", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function outlet(...args: string[]): Promise<Ended> {
  const argv = ["--conditions=@outlet/source", "--no-warnings", BIN, ...args];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      argv,
      { env: { NODE_COMPILE_CACHE: COMPILED } },
      (_error, output, errors) => resolve({ code: child.exitCode, output, errors }),
    );
  });
}

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "outlet.db");
}

/** A server on the same database. */
async function serve(file: string, policy?: PolicyOptions, logger?: Logger) {
  const server = createOutlet({
    models: {
      greeter: defineModel(() => "Hello!"),
      "omni-moderation-latest": defineModel({ moderate: ({ input }) => input.map(() => ({ violence: 1 })) }),
    },
    ...(policy && { policy }),
    ...(logger && { logger }),
    platform: { refreshMs: 20 },
    store: await createSqliteStore({ file }),
  });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, adminAPIKey: apiKey, fetch: server.fetch, maxRetries: 0 });
}

const idOf = ({ errors }: Ended) => /key_\w+/.exec(errors)?.[0] ?? "no id";

it("makes the first admin key, keys of projects with it, and takes them away from a server that runs", async () => {
  const file = await newFile();
  const first = await outlet("keys", "create", "--database", file, "--name", "ops");
  expect(first.output).toMatch(/^sk-admin-[\w-]{43}\n$/);
  const client = await serve(file);
  const { organization } = client(first.output.trim()).admin;
  const project = await organization.projects.create({ name: "Search" });

  const made = await outlet(
    ...["keys", "create", "--database", file, "--name", "indexer", "--project", "Search", "--expires-in", "600"],
  );
  const key = made.output.trim();
  expect((await client(key).models.list()).data[0]?.id).toBe("greeter");
  const shown = await organization.projects.apiKeys.retrieve(idOf(made), { project_id: project.id });
  expect([shown.owner.service_account?.name, shown.expires_at]).toEqual(["indexer", shown.created_at + 600]);

  const all = await outlet("keys", "list", "--database", file);
  expect(all.output).toMatch(
    new RegExp(`^ID .*\\n${idOf(first)}  ops .* admin .*\\n${idOf(made)} .*\\(${project.id}\\)`),
  );
  expect(all.output).not.toContain(key);
  const own = await outlet("keys", "list", "--database", file, "--project", project.id);
  expect([own.output.includes(idOf(made)), own.output.includes(idOf(first))]).toEqual([true, false]);

  for (const [id, opens] of [
    [idOf(made), () => client(key).models.list()],
    [idOf(first), () => organization.projects.list()],
  ] as const) {
    expect(await outlet("keys", "revoke", id, "--database", file)).toMatchObject({ code: 0, output: "" });
    const status = () =>
      opens().then(
        () => 200,
        (error: { status: number }) => error.status,
      );
    await expect.poll(status).toBe(401);
  }
}, 60_000);

it("lifts the suspension of a key", async () => {
  const file = await newFile();
  const made = await outlet("keys", "create", "--database", file, "--name", "ops");
  const logger = { error() {}, warn() {} };
  const client = await serve(file, { input: "block", strikes: { suspendAt: 1 } }, logger);
  const { organization } = client(made.output.trim()).admin;
  const project = await organization.projects.create({ name: "Search" });
  const { api_key } = await organization.projects.serviceAccounts.create(project.id, { name: "indexer" });
  const { chat, models } = client(api_key?.value ?? "");
  const status = (answer: Promise<unknown>) =>
    answer.then(
      () => 200,
      (error: { status: number }) => error.status,
    );
  const messages = [{ role: "user" as const, content: "x" }];
  expect(await status(chat.completions.create({ model: "greeter", messages }))).toBe(400);
  expect(await status(models.list())).toBe(401);
  const lifted = await outlet("keys", "lift", api_key?.id ?? "", "--database", file);
  expect(lifted).toMatchObject({ code: 0, output: "", errors: `outlet: lifted ${api_key?.id}\n` });
  await expect.poll(() => status(models.list()), { timeout: 20_000 }).toBe(200);
}, 60_000);

it("says what is wrong, changes nothing, and makes no database of a mistyped name", async () => {
  const file = await newFile();
  const database = ["--database", file];
  for (const [args, words] of [
    [["create", ...database], /create needs a --name/],
    [["list"], /which database\?/],
    [["revoke", ...database], /revoke takes the id of one key/],
    [["lift", "a", "b", ...database], /lift takes the id of one key/],
    [["list", "--name", "a", ...database], /list has no --name/],
    [["create", "--name", "a", "--expires-in", "soon", ...database], /expected seconds/],
    [["lsit"], /expected `keys create`/],
  ] as const) {
    expect(() => readArguments(["keys", ...args], {})).toThrow(words);
  }
  const unopened = await Promise.all([
    outlet("keys", "list", ...database),
    outlet("keys", "create", "--name", "a", "--database", "mysql://db"),
  ]);
  expect(unopened).toEqual([
    { code: 1, output: "", errors: `outlet: there is no database at ${file}\n` },
    { code: 1, output: "", errors: "outlet: a database is an SQLite file, or a postgres:// URL\n" },
  ]);
  expect(await readdir(join(file, ".."))).toEqual([]);
  const created = await outlet("keys", "create", "--name", "a", "--project", "Serach", ...database);
  expect(created).toMatchObject({ code: 1, output: "", errors: expect.stringContaining('"Serach"') });
  const revoked = await outlet("keys", "revoke", "key_none", ...database);
  expect(revoked).toMatchObject({ code: 1, errors: expect.stringContaining('"key_none"') });
  const lifted = await outlet("keys", "lift", "key_none", ...database);
  expect(lifted).toMatchObject({ code: 1, errors: expect.stringContaining('"key_none"') });
}, 60_000);

it("explains itself", async () => {
  const [help, version] = await Promise.all([outlet("--help"), outlet("--version")]);
  expect(help.output).toContain("keys <command>");
  expect(version.output).toMatch(/^\d+\.\d+\.\d+\n$/);
}, 20_000);
