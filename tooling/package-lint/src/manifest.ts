import type { Packed, PackedManifest } from "./pack.ts";

/** The workspace's root manifest, as far as packages must agree with it. */
export interface RootManifest {
  readonly license?: string;
  readonly repository?: PackedManifest["repository"];
}

/** The fields that a user, npm or a bundler reads. */
export function checkManifest({ manifest, files }: Packed, root: RootManifest, folder: string): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  expect(manifest.type === "module", 'type is not "module"');
  expect(manifest.license === root.license, `license is not the workspace's, ${root.license}`);
  expect(/^>=\d/.test(manifest.engines?.node ?? ""), "engines.node does not give the oldest Node that works");
  expect((manifest.files ?? []).includes("dist"), 'files does not list "dist"');
  problems.push(...checkRepository(manifest, root, folder));

  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    expect(
      !/^(workspace|catalog|link|file):/.test(range),
      `${name} has the range ${range}, which only this workspace knows`,
    );
  }
  const targets = exportTargets(manifest.exports);
  expect(
    targets.some(({ path }) => path === "exports"),
    "exports is missing",
  );
  for (const { path, target } of targets) {
    expect(!/\.(@outlet\/source|development)$/.test(path), `${path} is for this workspace alone`);
    expect(
      target === null || files.has(target.replace(/^\.\//, "")),
      `${path} names ${target}, which is not published`,
    );
  }
  const bins = typeof manifest.bin === "string" ? { [manifest.name]: manifest.bin } : (manifest.bin ?? {});
  for (const [name, target] of Object.entries(bins)) {
    const text = files.get(target.replace(/^\.\//, ""));
    expect(text !== undefined, `bin ${name} names ${target}, which is not published`);
    expect(
      text === undefined || text.startsWith("#!/usr/bin/env node\n"),
      `bin ${name} does not begin with "#!/usr/bin/env node"`,
    );
  }
  return problems;
}

/** npm's provenance wants the repository's URL; the folder is what "view source" opens. */
function checkRepository(manifest: PackedManifest, root: RootManifest, folder: string): string[] {
  if (!root.repository && !manifest.repository) return [];
  const url = typeof root.repository === "string" ? root.repository : root.repository?.url;
  const own = manifest.repository;
  if (typeof own === "object" && own.url === url && own.directory === folder) return [];
  return [`repository is not { url: "${url}", directory: "${folder}" }`];
}

/** Every path of an `exports` tree with its target; conditions are joined by dots. */
function exportTargets(exports: unknown, path = "exports"): { path: string; target: string | null }[] {
  if (typeof exports === "string" || exports === null) return [{ path, target: exports }];
  if (typeof exports !== "object") return [];
  return [
    { path, target: null },
    ...Object.entries(exports).flatMap(([key, value]) =>
      exportTargets(value, key.startsWith(".") ? `${path}["${key}"]` : `${path}.${key}`),
    ),
  ];
}
