import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What a process has compiled, the next one does not compile again: it starts in half the time. */
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/compiled/", import.meta.url));

/** Another process, which runs a fixture and says what it does line by line. */
export interface Program {
  /** Calls with every line that it prints. */
  onLine(listener: (line: string) => void): void;
  /** Lets it go on: closes its standard input. */
  go(): void;
  /** Ends it in the middle of whatever it does, as `kill -9` does. */
  kill(): void;
  /** Its exit code; null when it was killed. Rejects with what it printed to standard error when it failed. */
  readonly ended: Promise<number | null>;
}

export function startProgram(fixture: string, ...args: readonly unknown[]): Program {
  const path = fileURLToPath(new URL(fixture, import.meta.url));
  const flags = ["--conditions=@outlet/source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, path, ...args.map((arg) => JSON.stringify(arg))], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  });
  const lines = createInterface({ input: child.stdout });
  return {
    onLine: (listener) => void lines.on("line", listener),
    go: () => void child.stdin.end(),
    kill: () => void child.kill("SIGKILL"),
    ended: ended(child),
  };
}

async function ended(child: ChildProcess): Promise<number | null> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code) throw new Error(`${child.spawnargs.join(" ")} ended with ${code}: ${errors}`);
  return code;
}

/** What a fixture prints its lines with. With the last of so many it ends as `kill -9` would end it; `null` for never. */
export function printing(last: number | null): (line: string) => void {
  let left = last ?? Number.POSITIVE_INFINITY;
  return (line) => {
    process.stdout.write(`${line}\n`);
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}

/** The arguments that a fixture was started with. */
export function argumentsOf<Args extends readonly unknown[]>(): Args {
  // Now, since a process that is killed does not come to its end.
  flushCompileCache();
  return process.argv.slice(2).map((arg) => JSON.parse(arg)) as unknown as Args;
}
