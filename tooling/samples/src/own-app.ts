import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { standalone } from "./copy.ts";
import type { Tarballs } from "./packed.ts";
import { manifestOf, ROOT } from "./workspace.ts";

const RUN = `
import { formatTable, runConformance } from "@outlet/testing";
const results = await runConformance(cell);
console.log(formatTable(results));
if (results.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
`;

/** A new project that does what the kit's page says: its Express example as it stands, and its cell of Hono, run. */
export async function writeOwnApp(folder: string, tarballs: Tarballs): Promise<void> {
  const page = await readFile(join(ROOT, "packages/testing/README.md"), "utf8");
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
  const block = (name: string) => {
    const code = blocks.find((one) => one.includes(`"${name}"`));
    if (!code) throw new Error(`the kit's page has no example of ${name}`);
    return code;
  };
  const samples = await Promise.all(
    ["express-chatbot", "hono-shop"].map((name) => manifestOf(join(ROOT, "apps", name))),
  );
  const dependencies = Object.assign({}, ...samples.map((sample) => sample.dependencies));
  const manifest = { name: "my-app", dependencies: { ...dependencies, "@outlet/testing": "workspace:^" } };
  await mkdir(folder, { recursive: true });
  const files = {
    "package.json": JSON.stringify({ ...standalone(manifest, tarballs), type: "module" }, null, 2),
    "conformance.ts": block("@outlet/express"),
    "conformance-hono.ts": block("@outlet/hono") + RUN,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
