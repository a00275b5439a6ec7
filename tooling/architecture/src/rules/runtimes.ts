import { builtinModules } from "node:module";
import type { Rule } from "../rule.ts";

/** Packages that run on Bun, Deno and Workers as they do on Node. */
const ANYWHERE = ["@outlet/core", "@outlet/hono"];

const builtins = new Set(builtinModules);

export const runsAnywhere: Rule = {
  name: "core and the Hono adapter import nothing of Node",
  check: ({ packages }) =>
    packages
      .filter(({ manifest }) => ANYWHERE.includes(manifest.name))
      .flatMap(({ manifest, sources }) =>
        sources
          .filter((source) => !source.isTest && source.path.includes("/src/"))
          .flatMap((source) =>
            source.imports
              .filter(({ specifier }) => specifier.startsWith("node:") || builtins.has(specifier))
              .map(({ specifier, line }) => ({
                where: `${source.path}:${line}`,
                what: `${manifest.name} runs on any runtime and must not import ${specifier}`,
              })),
          ),
      ),
};
