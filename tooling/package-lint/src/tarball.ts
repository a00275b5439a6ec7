import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Packs the package in `folder` as a release would, into another folder; gives the tarball's path. */
export async function packTarball(folder: string, destination: string): Promise<string> {
  const { filename } = JSON.parse(await runPnpm(["pack", "--json", "--pack-destination", destination], folder));
  return filename;
}

/** Runs the pnpm that runs this script, else the one on the path. */
async function runPnpm(args: string[], cwd: string): Promise<string> {
  const pnpm = process.env.npm_execpath ?? "pnpm";
  const [command, ...first] = /\.[cm]?js$/.test(pnpm) ? [process.execPath, pnpm] : [pnpm];
  const { stdout } = await promisify(execFile)(command as string, [...first, ...args], { cwd });
  return stdout;
}
