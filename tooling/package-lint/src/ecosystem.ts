import { checkPackage } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Packed } from "./pack.ts";

/** What publint says of the tarball, suggestions too. */
export async function checkWithPublint({ tarball }: Packed): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** Packages are ES modules alone: what `require` without ESM support and Node 10 would find does not matter. */
const IGNORED = new Set(["node10", "node16-cjs"]);

/** What arethetypeswrong says of the types that importers resolve. */
export async function checkWithAreTheTypesWrong({ contents }: Packed): Promise<string[]> {
  const result = await checkPackage(contents);
  if (!result.types) return ["arethetypeswrong: the package has no types"];
  return result.problems
    .filter((problem) => !("resolutionKind" in problem && IGNORED.has(problem.resolutionKind)))
    .map((problem) => {
      const entry = "entrypoint" in problem ? ` of "${problem.entrypoint}" (${problem.resolutionKind})` : "";
      return `arethetypeswrong: ${problemKindInfo[problem.kind].description}${entry}`;
    });
}
