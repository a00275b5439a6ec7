import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import type { Page } from "./pages.ts";

/** Relative links to files, folders or headings that are not there, as `file:line: what`. */
export function brokenLinks(root: string, pages: readonly Page[]): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
      const problem = (what: string) => [`${page.path}:${line}: ${target}: ${what}`];
      if (target.startsWith("/")) return problem("starts at the site's root; make it relative");
      const [file = "", anchor] = target.split("#", 2);
      const path = file === "" ? page.path : normalize(join(dirname(page.path), decodeURI(file)));
      if (path.startsWith("../")) return problem("leaves the repository");
      if (!existsSync(join(root, path))) return problem("no such file");
      const linked = byPath.get(path);
      if (anchor && linked && !linked.anchors.has(decodeURIComponent(anchor))) return problem("no such heading");
      return [];
    }),
  );
}
