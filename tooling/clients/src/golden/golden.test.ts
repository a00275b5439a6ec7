import { expect, test } from "vitest";
import { recordedNames, recordedStream } from "./files.ts";
import { record } from "./record.ts";
import { scenes } from "./scenes.ts";

// A difference here is a change of what clients are sent. Where it is meant, `npm run golden` writes the files anew.

test.each(scenes.map((scene) => [scene.name, scene] as const))("%s is answered as it is recorded", async (_, scene) => {
  expect(await record(scene)).toBe(recordedStream(scene));
});

test("every recorded stream has its scene", () => {
  expect(recordedNames()).toEqual(scenes.map(({ name }) => name).sort());
});
