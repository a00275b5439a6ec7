import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** One module of everything that a server script next to this file imports, as a runtime resolves it. */
export async function bundle(script: string, conditions: readonly string[], file: string): Promise<void> {
  const build = await rolldown({
    input: fileURLToPath(new URL(script, import.meta.url)),
    platform: "neutral",
    resolve: {
      conditionNames: ["@outlet/source", ...conditions, "import", "module", "default"],
      mainFields: ["module", "main"],
    },
    external: [/^node:/, /^cloudflare:/],
    logLevel: "silent",
  });
  await build.write({ file, format: "esm" });
  await build.close();
}
