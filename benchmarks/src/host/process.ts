import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** Starts `node file args…` with a channel to ask over, on one core from its first instant. */
export function startNode(
  file: string,
  core: number | undefined,
  { args = [], env = {}, preload }: { args?: string[]; env?: Record<string, string>; preload?: string | undefined },
): ChildProcess {
  const imports = preload === undefined ? [] : ["--import", preload];
  const command = [process.execPath, ...process.execArgv, ...imports, file, ...args];
  if (core !== undefined) command.unshift("taskset", "-c", String(core));
  const [program, ...rest] = command as [string, ...string[]];
  // Some log every client that leaves: nobody wants to read it, and a pipe that nobody reads would stop them.
  const output = process.env.BENCH_VERBOSE === "1" ? "inherit" : "ignore";
  return spawn(program, rest, {
    env: { ...process.env, ...env },
    stdio: ["ignore", output === "inherit" ? 2 : "ignore", output, "ipc"],
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export const pathOf = (relative: string, base: string): string => fileURLToPath(new URL(relative, base));
