import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { pathOf } from "./host/process.ts";

const run = promisify(execFile);
const bench = (...args: string[]) =>
  run(process.execPath, ["--conditions=@outlet/source", pathOf("./run.ts", import.meta.url), ...args]);

// Starts a process for each target in each section, on whatever machine this is.
test("a short run measures two targets and prints the table", { timeout: 60_000 }, async () => {
  const { stdout } = await bench(
    ...["--quick", "--seconds", "0.1", "--targets", "outlet-node", "--sections", "throughput,first-token,cancel,start"],
  );
  const rows = stdout
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const [head, , direct, pipe, outlet] = rows;
  expect(head?.slice(2, 4)).toEqual(["requests per second", "CPU per 1,000 requests"]);
  expect(direct?.[1]).toContain("direct");
  expect(pipe?.slice(1, 4)).toEqual(["bare `node:http` pipe", "1.00", "1.00"]);
  expect(outlet?.[1]).toContain("outlet");
  expect(Number(outlet?.[2])).toBeGreaterThan(0);
  expect(outlet?.[4]).toMatch(/ ms/);
  expect(outlet?.[5]).toMatch(/^\d+ ms$/);
});

test("an unknown target is named", async () => {
  await expect(bench("--targets", "pipe,nginx")).rejects.toThrow('there is no "nginx"');
});
