import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileOf, STREAMS } from "./files.ts";
import { record } from "./record.ts";
import { scenes } from "./scenes.ts";

// Writes all streams anew: what has changed on the wire is then a change of these files, to be looked at.
rmSync(STREAMS, { recursive: true, force: true });
mkdirSync(STREAMS);
for (const scene of scenes) writeFileSync(fileOf(scene), await record(scene));
console.log(`${scenes.length} streams written.`);
