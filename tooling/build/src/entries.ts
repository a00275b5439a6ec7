/** The part of a package's manifest that says what is published. */
export interface Manifest {
  readonly exports: Record<string, string | { readonly "@outlet/source"?: string; readonly default?: string }>;
  readonly bin?: Record<string, string>;
}

/** Where each published module comes from: its path below `dist`, without the ending, to its source. */
export function entriesOf({ exports, bin = {} }: Manifest): Record<string, string> {
  const modules = Object.values(exports).flatMap((target) => {
    if (typeof target === "string") return [];
    const { "@outlet/source": source, default: built } = target;
    if (source === undefined || built === undefined)
      throw new Error(`an export names no source: ${JSON.stringify(target)}`);
    return [[nameOf(built), source] as const];
  });
  const programs = Object.values(bin).map((built) => [nameOf(built), `./src/${nameOf(built)}.ts`] as const);
  return Object.fromEntries([...modules, ...programs]);
}

function nameOf(built: string): string {
  const name = /^\.\/dist\/(.+)\.js$/.exec(built)?.[1];
  if (name === undefined) throw new Error(`${built} is not a module below ./dist`);
  return name;
}
