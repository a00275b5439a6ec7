import { element } from "./dom.js";

/**
 * A growing text of the assistant's: paragraphs, lists and **bold**; below whatever names a product for the first time, its
 * card. Model text only ever becomes text nodes, never HTML, so nothing in an answer can run.
 *
 * @param container where the text goes
 * @param mentions finds the products that a text names
 * @param makeCard makes a product's card, an `li`; called once for each product
 */
export function createTextView(container, mentions, makeCard) {
  const shown = new Set();
  const blocks = [];
  return (text) => {
    const wanted = splitBlocks(text);
    for (const { node } of blocks.splice(wanted.length)) node.remove();
    wanted.forEach(({ kind, lines }, index) => {
      if (blocks[index]?.kind !== kind) {
        const block = { kind, slots: [], node: document.createElement(kind) };
        if (blocks[index]) blocks[index].node.replaceWith(block.node);
        else container.append(block.node);
        blocks[index] = block;
      }
      for (const [at, line] of lines.entries()) fill(slot(blocks[index], at), line);
    });
  };

  /** Where one paragraph or list item goes: its words, which are made anew, and its cards, which stay. */
  function slot({ kind, node, slots }, at) {
    if (slots[at]) return slots[at];
    const [words, cards] = [document.createElement("span"), document.createElement("ul")];
    words.className = "words";
    cards.className = "cards";
    cards.hidden = true;
    if (kind === "div") {
      node.append(element("p", words), cards);
    } else node.append(element("li", words, cards));
    slots[at] = { words, cards, source: "" };
    return slots[at];
  }

  function fill(place, source) {
    if (place.source === source) return;
    place.source = source;
    place.words.replaceChildren(...inline(source));
    for (const product of mentions(source)) {
      if (shown.has(product.id)) continue;
      shown.add(product.id);
      place.cards.hidden = false;
      place.cards.append(makeCard(product));
    }
  }
}

const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,9}[.)]\s+(.*)$/;

function splitBlocks(text) {
  const blocks = [];
  let open = null;
  const begin = (kind) => {
    open = { kind, lines: [] };
    blocks.push(open);
    return open;
  };
  for (const line of text.split("\n")) {
    const [, bullet] = BULLET.exec(line) ?? [];
    const [, number] = NUMBER.exec(line) ?? [];
    const kind = bullet !== undefined ? "ul" : number !== undefined ? "ol" : "div";
    if (line.trim() === "") {
      if (open?.kind === "div") open = null;
    } else if (kind !== "div") {
      if (open?.kind !== kind) begin(kind);
      open.lines.push(bullet ?? number);
    } else if (open?.kind === "div") open.lines[0] += `\n${line}`;
    else begin(kind).lines.push(line.replace(/^#{1,6}\s+/, ""));
  }
  return blocks;
}

/** Text with **bold**; a mark without its partner stays as it is. */
function inline(text) {
  return text.split(/\*\*([^*\n]+)\*\*/).map((part, index) => (index % 2 === 0 ? part : element("strong", part)));
}

/** Finds products by their names in a text, in the order in which they come. */
export function createMentions(products) {
  const byName = new Map(products.map((product) => [product.name.toLowerCase(), product]));
  // The longest name first: of two that begin alike, the whole one is meant.
  const names = [...byName.keys()].sort((one, other) => other.length - one.length).map(escapeRegExp);
  const pattern = new RegExp(`(?<![\\p{L}\\d])(?:${names.join("|")})(?![\\p{L}\\d])`, "giu");
  return (text) => [...new Set([...text.matchAll(pattern)].map(([name]) => byName.get(name.toLowerCase())))];
}

const escapeRegExp = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
