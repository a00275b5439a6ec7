import { dirname, join } from "node:path/posix";
import type { Rule } from "../rule.ts";
import { packageOf } from "../source-file.ts";

/** A package is entered by the doors its `exports` names, and left by no `../`. */
export const noDeepImports: Rule = {
  name: "no import reaches into another package",
  check: ({ packages }) => {
    const doors = new Map(
      packages.map(({ manifest }) => [
        manifest.name,
        new Set(Object.keys(manifest.exports ?? {}).map((subpath) => join(manifest.name, subpath))),
      ]),
    );
    return packages.flatMap(({ folder, sources }) =>
      sources.flatMap((source) =>
        source.imports.flatMap(({ specifier, line }) => {
          const where = `${source.path}:${line}`;
          if (specifier.startsWith(".")) {
            const target = join(dirname(source.path), specifier);
            if (target.startsWith(`${folder}/`) || target === "vitest.shared.ts") return [];
            return [{ where, what: `${specifier} leaves ${folder}; import the package by its name` }];
          }
          const exported = doors.get(packageOf(specifier) ?? "");
          if (!exported || exported.has(specifier)) return [];
          return [{ where, what: `${specifier} is not an export of its package` }];
        }),
      ),
    );
  },
};

const RESOURCES = "packages/core/src/resources/";

/** What two resources share moves up; a resource never runs another's service. */
export const resourcesStandAlone: Rule = {
  name: "no resource of core imports another resource's service",
  check: ({ sources }) =>
    sources
      .filter((source) => source.path.startsWith(RESOURCES) && !source.isTest)
      .flatMap((source) =>
        source.imports
          .filter(({ specifier }) => specifier.startsWith(".") && specifier.endsWith(".service.ts"))
          .filter(({ specifier }) => dirname(join(dirname(source.path), specifier)) !== dirname(source.path))
          .map(({ specifier, line }) => ({
            where: `${source.path}:${line}`,
            what: `${specifier} is another resource's service; move what both need out of it`,
          })),
      ),
};
