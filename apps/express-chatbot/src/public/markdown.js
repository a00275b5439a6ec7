/**
 * A little Markdown, safely: paragraphs, headings, lists, code blocks, `code` and **bold**.
 * Model text only ever becomes text nodes, never HTML, so nothing in an answer can run.
 */

/** A view of one growing answer in `container`: only blocks that changed are made anew. */
export function createMarkdownView(container) {
  let shown = [];
  return {
    update(text) {
      const blocks = splitBlocks(text);
      blocks.forEach((block, index) => {
        const before = shown[index];
        if (before?.kind === block.kind && before.source === block.source) {
          block.node = before.node;
          return;
        }
        block.node = renderBlock(block);
        if (before) before.node.replaceWith(block.node);
        else container.append(block.node);
      });
      for (const { node } of shown.slice(blocks.length)) node.remove();
      shown = blocks;
    },
  };
}

const FENCE = /^\s*(```+|~~~+)\s*([\w+#.-]*)/;
const HEADING = /^#{1,6}\s+(.*)$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*(\d{1,9})[.)]\s+(.*)$/;

/** The blocks of a text: each with its kind, its source (to see what changed) and its parts. */
function splitBlocks(text) {
  const blocks = [];
  let open = null;
  let fence = null;
  const add = (kind, line, extra = {}) => {
    open = { kind, lines: [line], ...extra };
    blocks.push(open);
  };
  for (const line of text.split("\n")) {
    if (fence) {
      if (line.trim().startsWith(fence) && line.trim().replaceAll(fence[0], "") === "") {
        fence = null;
        open = null;
      } else open.lines.push(line);
      continue;
    }
    const [, ticks, language] = FENCE.exec(line) ?? [];
    const [, heading] = HEADING.exec(line) ?? [];
    const [, bullet] = BULLET.exec(line) ?? [];
    const [, number, numbered] = NUMBER.exec(line) ?? [];
    if (ticks) {
      fence = ticks;
      add("code", "", { language });
      open.lines.pop();
    } else if (line.trim() === "") open = null;
    else if (heading !== undefined) {
      add("heading", heading);
      open = null;
    } else if (bullet !== undefined) {
      if (open?.kind === "bullets") open.lines.push(bullet);
      else add("bullets", bullet);
    } else if (numbered !== undefined) {
      if (open?.kind === "numbers") open.lines.push(numbered);
      else add("numbers", numbered, { start: Number(number) });
    } else if (open && open.kind !== "heading") {
      // A further line of a paragraph is a line of its own; of a list item, it belongs to the item.
      if (open.kind === "paragraph") open.lines.push(line);
      else open.lines.push(`${open.lines.pop()} ${line.trim()}`);
    } else add("paragraph", line);
  }
  for (const block of blocks) block.source = `${block.start ?? ""} ${block.language ?? ""}\n${block.lines.join("\n")}`;
  return blocks;
}

function renderBlock({ kind, lines, start, language }) {
  if (kind === "code") {
    const pre = element("pre", element("code", lines.join("\n")));
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    pre.setAttribute("aria-label", language ? `Code, ${language}` : "Code");
    return pre;
  }
  if (kind === "bullets") return element("ul", ...lines.map((line) => element("li", ...inline(line))));
  if (kind === "numbers") {
    const list = element("ol", ...lines.map((line) => element("li", ...inline(line))));
    list.start = start;
    return list;
  }
  if (kind === "heading") return element("h3", ...inline(lines[0]));
  return element("p", ...inline(lines.join("\n")));
}

/** Text with `code` and **bold**; a mark without its partner stays as it is. */
function inline(text) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith("`") ? element("code", part.slice(1, -1)) : element("strong", part.slice(2, -2));
  });
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
