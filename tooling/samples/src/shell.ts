import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";

/** What of the environment a shell has that knows nothing of this workspace. `npm_config_*`: where npm is told of a registry. */
const KEPT =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|LC_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|(HTTPS?|NO)_PROXY|npm_config_(registry|cache|cafile|userconfig|globalconfig))$/i;

function ownEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  const environment: NodeJS.ProcessEnv = { ...Object.fromEntries(kept), ...more };
  // The Node that runs this, before whatever the machine has.
  return { ...environment, PATH: `${dirname(process.execPath)}:${environment.PATH}` };
}

/** Runs a command to its end. @throws Error with what it said, when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: ownEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  const said = collect(child);
  const [code] = await once(child, "close");
  if (code === 0) return said();
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${said()}`);
}

export interface Started {
  /** What it said that it is ready. */
  readonly match: RegExpExecArray;
  /** Ends it as Ctrl-C would; resolves when all of it is gone. */
  interrupt(): Promise<void>;
}

/** Starts a command that goes on, and waits for words of its. @throws Error with what it said, when it ends before. */
export async function start(
  command: string,
  args: readonly string[],
  { cwd, env, ready }: { cwd: string; env: Readonly<Record<string, string>>; ready: RegExp },
): Promise<Started> {
  // In a group of its own, as in a terminal: Ctrl-C reaches the script's runner and the program alike.
  const child = spawn(command, args, {
    cwd,
    env: ownEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const said = collect(child);
  const closed = once(child, "close");
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stdout?.on("data", () => {
      const found = ready.exec(said());
      if (found) resolve(found);
    });
    closed.then(([code]) => reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${said()}`)), reject);
  });
  return {
    match,
    async interrupt() {
      if (child.exitCode === null) process.kill(-(child.pid as number), "SIGINT");
      await closed;
    },
  };
}

function collect(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  return () => said;
}
