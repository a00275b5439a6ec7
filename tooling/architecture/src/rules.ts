import type { Rule } from "./rule.ts";
import { noDeepImports, resourcesStandAlone } from "./rules/boundaries.ts";
import { importsAreDeclared } from "./rules/declared.ts";
import { dependenciesPointOneWay, eachPackageBringsItsOwn } from "./rules/layers.ts";
import { runsAnywhere } from "./rules/runtimes.ts";
import { exportsAreNamed, filesAreShort, testsAllRun } from "./rules/style.ts";
import {
  changesetsCanBeRead,
  lockfileHasNoUrls,
  noMachinePaths,
  noRegistryHosts,
  nothingIsPromised,
} from "./rules/text.ts";

export const rules: readonly Rule[] = [
  dependenciesPointOneWay,
  eachPackageBringsItsOwn,
  runsAnywhere,
  noDeepImports,
  resourcesStandAlone,
  importsAreDeclared,
  filesAreShort,
  exportsAreNamed,
  testsAllRun,
  nothingIsPromised,
  noMachinePaths,
  noRegistryHosts,
  lockfileHasNoUrls,
  changesetsCanBeRead,
];
