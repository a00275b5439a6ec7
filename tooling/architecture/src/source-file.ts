import { type ParseResult, parseSync } from "oxc-parser";

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** One TypeScript or JavaScript file, parsed. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: ParseResult["program"];
  /** Static imports, re-exports and `import()` of a literal, types included. */
  readonly imports: readonly Import[];
  readonly exportStars: readonly number[];
  readonly defaultExports: readonly number[];
  /** A test, or what only tests use: `test-support`, `*.fixture.ts`. */
  readonly isTest: boolean;
  readonly lineAt: (offset: number) => number;
}

export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text, { sourceType: "module" });
  const failure = parsed.errors[0];
  if (failure) throw new SyntaxError(`${path}: ${failure.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const exported = staticExports.flatMap((statement) => statement.entries);
  const reexports = exported.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest] : []));
  const dynamic = dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^["'](.*)["']$/.exec(text.slice(start, end));
    return literal?.[1] ? [{ value: literal[1], start }] : [];
  });
  return {
    path,
    text,
    program: parsed.program,
    imports: [...staticImports.map((statement) => statement.moduleRequest), ...reexports, ...dynamic].map(
      ({ value, start }) => ({ specifier: value, line: lineAt(start) }),
    ),
    exportStars: exported
      .filter((entry) => entry.importName.kind === "AllButDefault")
      .map((entry) => lineAt(entry.start)),
    defaultExports: exported
      .filter((entry) => entry.exportName.kind === "Default" || entry.exportName.name === "default")
      .map((entry) => lineAt(entry.start)),
    isTest: /\.test(-d)?\.ts$|(^|\/)(test-support|fixtures?)(\/|\.ts$)|\.fixture\.ts$/.test(path),
    lineAt,
  };
}

/** `@scope/name/deep` and `name/deep` without what follows the name; null for relative and `node:` specifiers. */
export function packageOf(specifier: string): string | null {
  if (/^(\.|\/|node:|#)/.test(specifier)) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
