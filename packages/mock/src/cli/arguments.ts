import { parseArgs } from "node:util";

export interface Arguments {
  port: number;
  host: string;
  scripts: string[];
  tokensPerSecond: number;
  delayMs: number;
  keys: string[];
  strict: boolean;
  quiet: boolean;
  help: boolean;
  version: boolean;
}

export const USAGE = `Usage: outlet-mock [options]

A mock of the OpenAI API: scripted or plausible answers, no key, no network, no bill.

  --port <number>               port to listen on; 0 for any free one (default 4010)
  --host <address>              address to listen on (default 127.0.0.1)
  --script <file>               JSON file of rules; may be given more than once, the last goes first
  --tokens-per-second <number>  pace of answers (default: as fast as possible)
  --latency <ms>                time before the first token (default 0)
  --key <key>                   accept this API key only; may be given more than once (default: any)
  --strict                      refuse requests that no rule matches
  --quiet                       log no requests
  --help                        show this
  --version                     show the version
`;

/** @throws TypeError in words for whoever typed the command */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: false,
    options: {
      port: { type: "string", default: "4010" },
      host: { type: "string", default: "127.0.0.1" },
      script: { type: "string", multiple: true, default: [] },
      "tokens-per-second": { type: "string", default: "0" },
      latency: { type: "string", default: "0" },
      key: { type: "string", multiple: true, default: [] },
      strict: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  const port = numberOf("--port", values.port);
  if (!Number.isInteger(port) || port > 65_535) {
    throw new TypeError(`--port: expected an integer from 0 to 65535, but got "${values.port}"`);
  }
  return {
    port,
    host: values.host,
    scripts: values.script,
    tokensPerSecond: numberOf("--tokens-per-second", values["tokens-per-second"]),
    delayMs: numberOf("--latency", values.latency),
    keys: values.key,
    strict: values.strict,
    quiet: values.quiet,
    help: values.help,
    version: values.version,
  };
}

function numberOf(name: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`${name}: expected a number of at least 0, but got "${text}"`);
}
