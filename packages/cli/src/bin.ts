#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { type Admin, openAdmin } from "./admin.ts";
import { type Arguments, readArguments, USAGE } from "./arguments.ts";
import { createKey, type ListedKey, liftKey, listKeys, revokeKey } from "./keys.ts";
import { openStore } from "./open-store.ts";
import { table } from "./table.ts";

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2), process.env);
  if (args.command === "help") return print(USAGE);
  if (args.command === "version") return print(`${version()}\n`);
  const admin = openAdmin(await openStore(args, args.command !== "create"));
  try {
    await run(admin, args);
  } finally {
    await admin.close();
  }
}

async function run(admin: Admin, args: Arguments): Promise<void> {
  if (args.command === "create") {
    const { id, value, project } = await createKey(admin, args);
    // The secret alone is the output, so that it can be piped to where it belongs.
    note(`created ${id}, ${project ? `a key of project ${project.id}` : "an admin key"}; it is shown this once`);
    print(`${value}\n`);
  } else if (args.command === "list") {
    const keys: ListedKey[] = [];
    for await (const key of listKeys(admin, args)) keys.push(key);
    print(table(keys));
  } else if (args.command === "revoke") {
    await revokeKey(admin, args);
    note(`revoked ${args.key}`);
  } else if (args.command === "lift") {
    await liftKey(admin, args);
    note(`lifted ${args.key}`);
  }
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): void {
  process.stdout.write(text);
}

function note(text: string): void {
  process.stderr.write(`outlet: ${text}\n`);
}

main().catch((error: Error) => {
  note(error.message);
  process.exitCode = 1;
});
