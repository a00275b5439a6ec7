// Run in a package's folder after its build: packs the package and checks what a user would install.
import { lintPackage } from "./package-lint/src/lint-package.ts";

const { name, files, problems } = await lintPackage(process.cwd());
for (const problem of problems) console.error(`${name}: ${problem}`);
if (problems.length === 0) console.log(`${name}: ${files} files packed, no problem found`);
process.exitCode = problems.length === 0 ? 0 : 1;
