import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { OutletOptions } from "@outlet/core";
import type { Mounted } from "@outlet/testing";
import { bundle } from "./bundle.ts";
import { startEdge } from "./edge.ts";
import { startHost } from "./host.ts";
import type { Setup } from "./wire.ts";

export interface Runtime {
  /** The program, below `node_modules`. It is started itself: its wrapper would leave it running. */
  readonly binary: string;
  /** The server script, next to this file. */
  readonly script: string;
  /** Under which its packages are resolved. */
  readonly conditions: readonly string[];
  /** Reached through what resets the connections of clients that leave. */
  readonly edge?: boolean;
  /** The program's arguments, for the bundled script; its file descriptor 3 or its output tells the port. */
  command(file: string, setup: Setup): Promise<string[]>;
}

/** Serves an outlet with these options on another runtime, in a process of its own. */
export async function startRuntime(runtime: Runtime, options: OutletOptions): Promise<Mounted> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-runtime-"));
  const host = await startHost(options);
  const file = join(folder, "server.mjs");
  await bundle(runtime.script, runtime.conditions, file);
  const child = spawn(program(runtime), await runtime.command(file, host.setup), {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    cwd: folder,
  });
  const ended = once(child, "exit");
  const port = await listening(child);
  const edge = runtime.edge ? await startEdge(port) : undefined;
  const origin = `http://127.0.0.1:${edge?.port ?? port}`;
  return {
    baseURL: `${origin}/v1`,
    ownRoute: `${origin}/own/route`,
    stoppedAfterMs: host.stoppedAfterMs,
    async close() {
      edge?.close();
      child.kill("SIGKILL");
      await ended;
      await host.close();
      await rm(folder, { recursive: true });
    },
  };
}

export function program({ binary }: Runtime): string {
  return fileURLToPath(new URL(`../../node_modules/${binary}`, import.meta.url));
}

/** The port in the first line of JSON that names one. */
async function listening(child: ChildProcess): Promise<number> {
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said += text;
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stdio[3]]) {
    createInterface(stream as Readable).on("line", (line) => {
      if (line.startsWith("{")) resolve(Number((JSON.parse(line) as { port: number }).port));
    });
  }
  child.once("error", reject);
  child.once("exit", (code, signal) => {
    const ended = `the runtime ended with ${code ?? signal}: ${said}`;
    reject(new Error(ended));
    // What fails after it says only that nobody answers.
    if (signal !== "SIGKILL") console.error(ended);
  });
  return promise;
}

export async function writeNextTo(file: string, name: string, text: string): Promise<string> {
  const path = join(file, "..", name);
  await writeFile(path, text);
  return path;
}
