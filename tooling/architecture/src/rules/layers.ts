import type { Rule } from "../rule.ts";
import { packageOf } from "../source-file.ts";
import type { Package } from "../workspace.ts";

const ADAPTERS = ["@outlet/express", "@outlet/hono", "@outlet/nestjs"];

/** The workspace packages that a package may lean on; null when it has no place in the layers yet. */
function mayUse({ folder, manifest: { name } }: Package): ((other: string) => boolean) | null {
  if (folder.startsWith("tooling/") || folder === "benchmarks") return () => true;
  if (folder.startsWith("apps/")) return (other) => other.startsWith("@outlet/") && other !== "@outlet/testing";
  if (name === "@outlet/core") return () => false;
  if (ADAPTERS.includes(name) || name.startsWith("@outlet/engine-")) return (other) => other === "@outlet/core";
  if (name === "@outlet/cli") return (other) => other === "@outlet/core" || other === "@outlet/store-sql";
  if (
    name === "@outlet/store-sql" ||
    name === "@outlet/mcp" ||
    name === "@outlet/opentelemetry" ||
    name === "@outlet/prices" ||
    name === "@outlet/prometheus" ||
    name === "@outlet/redis" ||
    name === "@outlet/mock" ||
    name === "@outlet/testing"
  )
    return (other) => other === "@outlet/core";
  return null;
}

/** What a package's published code may import besides workspace packages and Node. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  "@outlet/core": /^zod$/,
  "@outlet/express": /^(express|openai)$/,
  "@outlet/hono": /^(hono|openai)$/,
  "@outlet/nestjs": /^(@nestjs\/(common|core|swagger)|reflect-metadata|rxjs|openai)$/,
  "@outlet/mock": /^gpt-tokenizer$/,
  "@outlet/opentelemetry": /^@opentelemetry\/api$/,
  "@outlet/prometheus": /^$/,
  "@outlet/prices": /^@pydantic\/genai-prices$/,
  "@outlet/redis": /^@redis\/client$/,
  "@outlet/mcp": /^(@modelcontextprotocol\/sdk|undici)$/,
  "@outlet/store-sql": /^(kysely|pg)$/,
  "@outlet/cli": /^$/,
  "@outlet/testing": /^(openai|fast-check)$/,
};

const isWorkspacePackage = (name: string) => /^@outlet(-apps|-tooling)?\//.test(name);

/** Adapters and engines know core, core knows nobody, and nothing points back: in the manifests and in the imports. */
export const dependenciesPointOneWay: Rule = {
  name: "dependencies point one way: apps, then adapters, engines and mock, then core",
  check: ({ packages }) =>
    packages.flatMap((pkg) => {
      const { name, dependencies, peerDependencies, devDependencies } = pkg.manifest;
      const manifestPath = `${pkg.folder}/package.json`;
      const allowed = mayUse(pkg);
      if (!allowed) return [{ where: manifestPath, what: `${name} has no place in the layers of rules/layers.ts` }];
      const forbidden = (other: string) => isWorkspacePackage(other) && other !== name && !allowed(other);
      const declared = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });
      return [
        ...declared
          .filter(forbidden)
          .map((other) => ({ where: manifestPath, what: `${name} must not depend on ${other}` })),
        ...pkg.sources.flatMap((source) =>
          source.imports
            .filter(({ specifier }) => forbidden(packageOf(specifier) ?? ""))
            .map(({ specifier, line }) => ({
              where: `${source.path}:${line}`,
              what: `${name} must not import ${specifier}`,
            })),
        ),
      ];
    }),
};

/** An adapter brings its framework, and the official client in an entry of its own; core brings zod. */
export const eachPackageBringsItsOwn: Rule = {
  name: "published code imports its own framework or library and no other",
  check: ({ packages }) =>
    packages.flatMap(({ manifest, sources }) => {
      const outside = OUTSIDE[manifest.name];
      if (!outside) return [];
      return sources
        .filter((source) => !source.isTest && source.path.includes("/src/"))
        .flatMap((source) =>
          source.imports
            .filter(({ specifier }) => {
              const name = packageOf(specifier);
              return name !== null && !isWorkspacePackage(name) && !outside.test(name);
            })
            .map(({ specifier, line }) => ({
              where: `${source.path}:${line}`,
              what: `${manifest.name} must not import ${specifier}`,
            })),
        );
    }),
};
