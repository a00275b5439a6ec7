import { builtinModules } from "node:module";
import type { Rule } from "../rule.ts";
import { packageOf } from "../source-file.ts";

const builtins = new Set(builtinModules);

/** Published code may import `dependencies` and `peerDependencies`; tests and configuration `devDependencies` too. */
export const importsAreDeclared: Rule = {
  name: "every imported package is declared by the package that imports it",
  check: ({ packages, rootManifest }) =>
    packages.flatMap(({ folder, manifest, sources }) => {
      const published = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
      const all = new Set([
        ...published,
        ...Object.keys(manifest.devDependencies ?? {}),
        ...Object.keys(rootManifest.devDependencies ?? {}),
      ]);
      return sources.flatMap((source) => {
        const shipped = folder.startsWith("packages/") && source.path.startsWith(`${folder}/src/`) && !source.isTest;
        const known = shipped ? published : all;
        return source.imports.flatMap(({ specifier, line }) => {
          const name = packageOf(specifier);
          const typesOnly = `@types/${name?.replace("@", "").replace("/", "__")}`;
          if (name === null || name === manifest.name || known.has(name) || builtins.has(name)) return [];
          if (!shipped && all.has(typesOnly)) return [];
          const list = shipped ? "dependencies or peerDependencies" : "dependencies or devDependencies";
          return [{ where: `${source.path}:${line}`, what: `${specifier} is not in the ${list} of ${folder}` }];
        });
      });
    }),
};
