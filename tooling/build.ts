// Run in a package's folder, before tsc writes its declarations: bundles what its manifest exports.
import { bundlePackage } from "./build/src/bundle-package.ts";

await bundlePackage(process.cwd());
