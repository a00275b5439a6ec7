import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

const sources = fileURLToPath(new URL("../../packages/$1/src", import.meta.url));

// By name instead of by the `source` condition: libraries have exports of that name too, in TypeScript, which Node does
// not run from node_modules.
export default defineConfig({
  test: shared.test ?? {},
  resolve: {
    alias: [
      { find: /^@outlet\/([\w-]+)$/, replacement: `${sources}/index.ts` },
      { find: /^@outlet\/(core)\/(node)$/, replacement: `${sources}/$2/index.ts` },
    ],
  },
});
