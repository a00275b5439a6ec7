import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Which core each part runs on; `null` where nothing can be pinned. */
export interface Cores {
  target: number;
  upstream: number;
  load: number;
}

/** The target has a core to itself. Upstream and load share the other one, unless there is a third. */
export function divideCores(): Cores | null {
  if (spawnSync("taskset", ["-V"]).status !== 0) return null;
  const [target, upstream, load] = allowedCores();
  if (target === undefined || upstream === undefined) return null;
  return { target, upstream, load: load ?? upstream };
}

/** Containers may be held to some of the machine's cores: `0-3,8`. */
function allowedCores(): number[] {
  const status = readFileSync("/proc/self/status", "utf8");
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

export function pinSelf(core: number): void {
  spawnSync("taskset", ["-a", "-p", "-c", String(core), String(process.pid)]);
}

/** Most files and sockets a process may have open: Node raises its own limit to the hard one. */
export function openFileLimit(): number {
  const { stdout } = spawnSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" });
  const limit = stdout?.trim();
  return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit) || 1024;
}
