export interface CodeBlock {
  /** The first word after the fence. */
  readonly language: string;
  readonly code: string;
  /** The line of the code's first line in the file, from 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  readonly links: readonly Link[];
  /** What `#…` may name: a slug for each heading as GitHub makes it, and explicit ids. */
  readonly anchors: ReadonlySet<string>;
}

const LINK = /!?\[(?:[^\][]|\[[^\]]*\])*\]\(<?([^\s)>]+)>?(?:\s+"[^"]*")?\)/g;
const DEFINITION = /^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/;

/** Reads what the checks need of a Markdown file. */
export function readMarkdown(text: string): Markdown {
  const blocks: CodeBlock[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  let fence: { marker: string; indent: number; language: string; lines: string[]; line: number } | null = null;

  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const mark = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/.exec(line);
    if (fence) {
      const closes = mark?.[2]?.startsWith(fence.marker) && /^\s*[`~]+\s*$/.test(line);
      if (closes) {
        blocks.push({ language: fence.language, code: fence.lines.join("\n"), line: fence.line });
        fence = null;
      } else fence.lines.push(line.replace(new RegExp(`^\\s{0,${fence.indent}}`), ""));
      continue;
    }
    if (mark) {
      const [, indent = "", marker = "", language = ""] = mark;
      fence = { marker, indent: indent.length, language, lines: [], line: index + 2 };
      continue;
    }
    const prose = line.replace(/`[^`]*`/g, (code) => "`".repeat(code.length));
    for (const [, target = ""] of prose.matchAll(LINK)) links.push({ target, line: index + 1 });
    const definition = DEFINITION.exec(prose)?.[1];
    if (definition) links.push({ target: definition, line: index + 1 });
    for (const [, id = ""] of line.matchAll(/<\w+\s[^>]*\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading) anchors.add(uniqueSlug(heading, anchors));
  }
  return { blocks, links, anchors };
}

function uniqueSlug(heading: string, taken: ReadonlySet<string>): string {
  const slug = heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/g, "-");
  let unique = slug;
  for (let count = 1; taken.has(unique); count++) unique = `${slug}-${count}`;
  return unique;
}
