import { parseArgs } from "node:util";

export const USAGE = `Usage: outlet keys <command> --database <file or URL> [options]

The API keys of an outlet with \`platform\`, in the database that is its store.

Commands
  create                  makes a key, and prints it this once
    --name <text>         what it is called
    --project <project>   makes a project's key, with a service account of that name; without it, an admin key
    --expires-in <s>      seconds that it is good for; default: for ever
  list                    lists keys, without their secrets
    --project <project>   that project's alone; default: admin keys, and those of all projects
  revoke <key id>         takes a key away; servers refuse it within a second
  lift <key id>           forgets what a project's key was flagged for: it is neither throttled
                          nor suspended any more; servers see it within a second

Options
  --database <where>      SQLite file, or postgres:// URL; default: OUTLET_DATABASE of the environment
  --schema <name>         PostgreSQL schema of the outlet's tables; default: outlet
  --help                  show this
  --version               show the version

A project is named by its id, or by its name where no other has it.
`;

export type Arguments =
  | { readonly command: "help" }
  | { readonly command: "version" }
  | (Database & { readonly command: "list"; readonly project: string | null })
  | (Database & { readonly command: "revoke" | "lift"; readonly key: string })
  | (Database & {
      readonly command: "create";
      readonly name: string;
      readonly project: string | null;
      readonly expiresInSeconds: number | null;
    });

export interface Database {
  readonly database: string;
  readonly schema: string | undefined;
}

/** Which of the options each command has, beside those that say where. */
const OPTIONS = { create: ["name", "project", "expires-in"], list: ["project"], revoke: [], lift: [] } as const;

/** @throws TypeError in words for whoever typed the command */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      database: { type: "string" },
      schema: { type: "string" },
      name: { type: "string" },
      project: { type: "string" },
      "expires-in": { type: "string" },
      help: { type: "boolean" },
      version: { type: "boolean" },
    },
  });
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [group, command, ...more] = positionals;
  if (group !== "keys" || !isCommand(command)) {
    throw new TypeError("expected `keys create`, `keys list`, `keys revoke` or `keys lift`; see --help");
  }
  for (const name of ["name", "project", "expires-in"] as const) {
    const known: readonly string[] = OPTIONS[command];
    if (values[name] !== undefined && !known.includes(name)) throw new TypeError(`${command} has no --${name}`);
  }
  const database = values.database ?? environment.OUTLET_DATABASE;
  if (!database) throw new TypeError("which database? Say it with --database, or OUTLET_DATABASE in the environment");
  const where = { database, schema: values.schema };
  const [key] = more;
  if (command === "revoke" || command === "lift") {
    if (!key || more.length > 1) throw new TypeError(`${command} takes the id of one key`);
    return { command, key, ...where };
  }
  if (key !== undefined) throw new TypeError(`${command} does not take "${key}"`);
  const project = values.project ?? null;
  if (command === "list") return { command, project, ...where };
  if (!values.name) throw new TypeError("create needs a --name");
  return { command, name: values.name, project, expiresInSeconds: secondsOf(values["expires-in"]), ...where };
}

function isCommand(text: string | undefined): text is keyof typeof OPTIONS {
  return text !== undefined && Object.hasOwn(OPTIONS, text);
}

function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new TypeError(`--expires-in: expected seconds, but got "${text}"`);
}
