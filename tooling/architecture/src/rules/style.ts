import { basename } from "node:path/posix";
import { Visitor } from "oxc-parser";
import type { Breach, Rule } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

const LONGEST = 400;

export const filesAreShort: Rule = {
  name: `no source file is above ${LONGEST} lines`,
  check: ({ sources }) =>
    sources
      .map((source) => ({ source, lines: source.text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > LONGEST)
      .map(({ source, lines }) => ({ where: source.path, what: `${lines} lines; split it by idea` })),
};

export const exportsAreNamed: Rule = {
  name: "no `export *`, and no default export outside configuration",
  check: ({ sources }) =>
    sources.flatMap((source) => {
      const isConfiguration = /\.(config|shared)\.(ts|mjs)$/.test(basename(source.path));
      return [
        ...source.exportStars.map((line) => ({
          where: `${source.path}:${line}`,
          what: "`export *`; name the exports",
        })),
        ...(isConfiguration ? [] : source.defaultExports).map((line) => ({
          where: `${source.path}:${line}`,
          what: "default export; name it",
        })),
      ];
    }),
};

const SUITES = new Set(["it", "test", "describe", "bench"]);
const SKIPS = new Set(["skip", "only", "todo", "fails"]);

export const testsAllRun: Rule = {
  name: "no test is skipped, left for later or run alone",
  check: ({ sources }) => sources.filter((source) => /\.(test|test-d|spec)\.ts$/.test(source.path)).flatMap(skipsOf),
};

function skipsOf(source: SourceFile): Breach[] {
  const found: Breach[] = [];
  new Visitor({
    MemberExpression({ object, property, start }) {
      if (property.type !== "Identifier" || !SKIPS.has(property.name)) return;
      if (object.type !== "Identifier" || !SUITES.has(object.name)) return;
      found.push({ where: `${source.path}:${source.lineAt(start)}`, what: `${object.name}.${property.name}` });
    },
    CallExpression({ callee, start }) {
      if (callee.type !== "Identifier" || !/^(xit|xtest|xdescribe|fit|fdescribe)$/.test(callee.name)) return;
      found.push({ where: `${source.path}:${source.lineAt(start)}`, what: callee.name });
    },
  }).visit(source.program);
  return found;
}
