import { existsSync } from "node:fs";
import { pathOf } from "./host/process.ts";
import { type Manifest, npmInstall } from "./npm.ts";

// What is measured beside an outlet and is a program of its own. Nobody needs it to work on this repository, so it is no
// dependency of the workspace: the first run installs it here, in the version named.

export interface Peer {
  name: string;
  version: string;
  /** What it depends on and needs in another version than npm would choose. */
  overrides?: Record<string, string>;
}

/**
 * Under newer versions of `@hono/node-server` every stream of this gateway is a 500, for `TypeError: immutable`:
 * https://github.com/Portkey-AI/gateway/issues/1389
 */
export const PORTKEY: Peer = {
  name: "@portkey-ai/gateway",
  version: "1.15.2",
  overrides: { "@hono/node-server": "1.14.1" },
};
const AIMOCK: Peer = { name: "@copilotkit/aimock", version: "1.43.0" };

export const manifestOf = ({ name, version, overrides }: Peer): Manifest => ({
  dependencies: { [name]: version },
  overrides,
});

async function install(peer: Peer): Promise<string> {
  const { name, version } = peer;
  const folder = pathOf(`../.peers/${name.split("/").at(-1)}-${version}`, import.meta.url);
  if (!existsSync(`${folder}/package-lock.json`)) {
    console.error(`installing ${name}@${version} …`);
    await npmInstall(folder, manifestOf(peer));
  }
  return `${folder}/node_modules/${name}`;
}

export const portkeyBin = async (): Promise<string> => `${await install(PORTKEY)}/build/start-server.js`;

export const aimockEntry = async (): Promise<string> => `${await install(AIMOCK)}/dist/index.js`;
