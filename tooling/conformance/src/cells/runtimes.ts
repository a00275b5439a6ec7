import { existsSync } from "node:fs";
import { requirements } from "@outlet/testing";
import type { TableCell } from "../cells.ts";
import { program, type Runtime, startRuntime, writeNextTo } from "../remote/runtime.ts";
import type { Setup } from "../remote/wire.ts";
import { BUN_GAPS } from "./gaps.ts";

const bun: Runtime = {
  binary: "bun/bin/bun.exe",
  script: "serve-bun.ts",
  conditions: ["bun"],
  command: async (file, setup) => ["run", file, JSON.stringify(setup)],
};

const deno: Runtime = {
  binary: "deno/deno",
  script: "serve-deno.ts",
  conditions: ["deno"],
  command: async (file, setup) => ["run", "--allow-net", "--no-config", file, JSON.stringify(setup)],
};

const workerd: Runtime = {
  binary: "workerd/bin/workerd",
  script: "serve-workerd.ts",
  conditions: ["workerd", "worker", "browser"],
  async command(file, setup) {
    const config = await writeNextTo(file, "workerd.capnp", workerdConfig(setup));
    return ["serve", config, "--control-fd=3"];
  },
};

const ids = requirements.map(({ id }) => id);
const leaving = ids.filter((id) => id.startsWith("abort.") && id !== "abort.none");

const STAYING = {
  ids: ids.filter((id) => !leaving.includes(id)),
  reason:
    "all but the requirements on clients that leave. workerd on a bare socket takes a connection that its client has closed for one that may still be read, and hears that the client has left only when it writes or when the connection is reset: whether it meets them is up to chance",
};

const LEAVING = { ids: leaving, reason: "just these, behind a relay that resets the connection when a client leaves" };

/** The outlet in another runtime, in a process of its own; its models stay in the test's. */
export const runtimeCells: readonly TableCell[] = [
  cell("Bun", bun, { gaps: BUN_GAPS }),
  cell("Deno", deno, {}),
  cell("workerd", workerd, { only: STAYING }),
  cell("workerd · connections reset", { ...workerd, edge: true }, { only: LEAVING }),
];

function cell(name: string, runtime: Runtime, more: Pick<TableCell, "gaps" | "only">): TableCell {
  return {
    name: `Hono on ${name}`,
    ...more,
    missing: () => (existsSync(program(runtime)) ? undefined : `${runtime.binary} is not installed`),
    mount: (options) => startRuntime(runtime, options),
  };
}

const WORKER = `import { waitUntil } from "cloudflare:workers";
import { serve } from "server";
export default { fetch: (request, env, context) => serve(request, { env, context, waitUntil }) };`;

/** The kit's models live on this machine, which workers do not reach unless they are told that they may. */
function workerdConfig(setup: Setup): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = ${JSON.stringify(WORKER)}), (name = "server", esModule = embed "server.mjs")],
      bindings = [(name = "SETUP", text = ${JSON.stringify(JSON.stringify(setup))})],
      compatibilityDate = "2026-11-01",
      compatibilityFlags = ["enable_request_signal"],
      globalOutbound = "local")),
    (name = "local", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}
