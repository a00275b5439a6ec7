import { dirname, isAbsolute, join } from "node:path/posix";
import { parseSync } from "oxc-parser";
import type { Packed } from "./pack.ts";

/** Names that a published package must have, and names that it must not. */
export function checkFiles({ files }: Packed): string[] {
  const paths = [...files.keys()];
  const missing = ["README.md", "LICENSE", "package.json"].filter((path) => !files.get(path)?.trim());
  const strays = paths.filter((path) =>
    /^src\/|\.test(-d)?\.|(^|\/)(test-support|fixtures?)[./]|\.fixture\.|\.tsbuildinfo$/.test(path),
  );
  return [
    ...missing.map((path) => `${path} is missing from the tarball`),
    ...strays.map((path) => `${path} must not be published`),
  ];
}

/** Nothing of the machine that built it, and no map to a file that is not there. */
export function checkTraces({ files }: Packed, workspaceRoot: string): string[] {
  const traces = [...files].filter(([, text]) => text.includes(workspaceRoot)).map(([path]) => path);
  const maps = [...files]
    .filter(([path]) => path.endsWith(".map"))
    .flatMap(([path, text]) => brokenSources(path, text));
  const lostMaps = [...files].flatMap(([path, text]) => {
    const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
    return map && !map.startsWith("data:") && !files.has(join(dirname(path), map))
      ? [`${path} names the map ${map}, which is not published`]
      : [];
  });
  return [...traces.map((path) => `${path} holds the path of the workspace it was built in`), ...maps, ...lostMaps];

  function brokenSources(path: string, text: string): string[] {
    const map: { sources: string[]; sourcesContent?: string[] } = JSON.parse(text);
    return map.sources
      .filter((source) => isAbsolute(source) || (!map.sourcesContent && !files.has(join(dirname(path), source))))
      .map((source) => `${path} points to ${source}, which is not published`);
  }
}

/** Every import of the published code and types is a published file or a declared dependency. */
export function checkImports({ files, manifest }: Packed): string[] {
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  return [...files]
    .filter(([path]) => /\.([cm]?js|d\.[cm]?ts)$/.test(path))
    .flatMap(([path, text]) =>
      [...new Set(importsOf(path, text))].flatMap((specifier) => {
        if (specifier.startsWith("node:")) return [];
        if (specifier.startsWith(".")) {
          const target = join(dirname(path), specifier);
          // In declarations tsc leaves "./a.ts" as written; TypeScript finds a.d.ts for it.
          const found = files.has(target) || (path.endsWith(".d.ts") && files.has(target.replace(/\.ts$/, ".d.ts")));
          if (found) return [];
          return [`${path} imports ${specifier}, which is not published`];
        }
        const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
        if (name === manifest.name || declared.has(name)) return [];
        return [`${path} imports ${specifier}, which is neither a dependency nor a peer dependency`];
      }),
    );
}

function importsOf(path: string, text: string): string[] {
  const { staticImports, staticExports } = parseSync(path, text, { sourceType: "module" }).module;
  const reexports = staticExports.flatMap(({ entries }) => entries.map((entry) => entry.moduleRequest));
  return [...staticImports.map((statement) => statement.moduleRequest), ...reexports].flatMap((request) =>
    request ? [request.value] : [],
  );
}
