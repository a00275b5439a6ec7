#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { readArguments, USAGE } from "./cli/arguments.ts";
import { logLine } from "./cli/log-line.ts";
import type { Rule } from "./script/rule.types.ts";
import { readScript } from "./script/script-file.ts";
import { createMockServer } from "./server.ts";
import { createTokenizer } from "./tokens/tokens.ts";

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) return print(USAGE);
  if (args.version) return print(`${version()}\n`);

  const rules: Rule[] = [];
  for (const file of args.scripts) rules.unshift(...(await readScript(file)));
  const mock = await createMockServer({
    rules,
    port: args.port,
    host: args.host,
    tokensPerSecond: args.tokensPerSecond,
    delayMs: args.delayMs,
    strict: args.strict,
    history: 0,
    ...(args.keys.length > 0 && { keys: args.keys }),
    ...(!args.quiet && { onCall: (call) => print(`${logLine(call)}\n`) }),
  });
  print(`The mock listens on ${mock.url}\n\n${curl(mock.url, args.keys[0])}\n\n`);
  // The vocabulary takes a moment to load: better now than in the first request.
  setImmediate(() => createTokenizer().count("ready"));

  const stop = () => {
    mock.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function curl(url: string, key: string | undefined): string {
  const body = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hello!" }] });
  const authorization = key ? ` -H "authorization: Bearer ${key}"` : "";
  return `curl ${url}/chat/completions${authorization} -H "content-type: application/json" -d '${body}'`;
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): void {
  process.stdout.write(text);
}

function explain(error: NodeJS.ErrnoException & { port?: number; address?: string }): string {
  if (error.code === "EADDRINUSE") return `port ${error.port} is in use; choose another with --port`;
  if (error.code === "EACCES") return `port ${error.port} may not be opened by this user; choose another with --port`;
  if (error.code === "EADDRNOTAVAIL") return `${error.address} is not an address of this machine`;
  return error.message;
}

main().catch((error: Error) => {
  process.stderr.write(`outlet-mock: ${explain(error)}\n`);
  process.exitCode = 1;
});
