import { Socket, type TcpNetConnectOpts } from "node:net";
import { vi } from "vitest";

const THIS_MACHINE = new Set(["127.0.0.1", "::1", "localhost"]);

export interface NetworkGuard {
  /** Hosts that something has tried to reach, and did not. */
  readonly refused: readonly string[];
  restore(): void;
}

/** Lets no socket of this process leave the machine, whichever library opens it: telemetry, token tables, traces. */
export function keepOnThisMachine(): NetworkGuard {
  const refused: string[] = [];
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (THIS_MACHINE.has(host)) return connect.apply(this, args);
    refused.push(host);
    throw new Error(`${host} is not this machine`);
  } as typeof Socket.prototype.connect;
  return {
    refused,
    restore() {
      Socket.prototype.connect = connect as typeof Socket.prototype.connect;
    },
  };
}

/** `connect(options)`, `connect(port, host)`, or the list that `net.connect` hands on. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) return (first as TcpNetConnectOpts).host ?? "localhost";
  return typeof second === "string" ? second : "localhost";
}

/** The environment that the libraries read, as on a machine where none of them is set up. */
export function plainEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(OPENAI_|LANGCHAIN_|LANGSMITH_|AI_SDK_|.*_PROXY$)/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv("LANGSMITH_TRACING", "false");
  vi.stubEnv("OPENAI_AGENTS_DISABLE_TRACING", "1");
}
