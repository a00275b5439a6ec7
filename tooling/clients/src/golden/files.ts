import { readdirSync, readFileSync } from "node:fs";
import type { Scene } from "./scenes.ts";

export const STREAMS = new URL("./streams/", import.meta.url);

export function fileOf({ name }: Pick<Scene, "name">): URL {
  return new URL(`${name}.sse`, STREAMS);
}

export function recordedStream(scene: Pick<Scene, "name">): string {
  return readFileSync(fileOf(scene), "utf8");
}

export function recordedNames(): string[] {
  return readdirSync(STREAMS).map((file) => file.replace(/\.sse$/, ""));
}
