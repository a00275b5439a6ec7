// Makes a text that a regular expression matches. Knows what schemas use: literals, classes, groups, alternatives and
// counts. What it makes is tried against the expression itself, so an unknown construct fails instead of lying.

const TRIES = 12;

/** A text that `pattern` matches, within these lengths; `null` when none was found. */
export function textMatching(pattern: string, minLength: number, maxLength: number, seed: number): string | null {
  let regex: RegExp;
  try {
    regex = new RegExp(pattern, "u");
  } catch {
    return null;
  }
  for (let extra = 0; extra < TRIES; extra++) {
    let text: string;
    try {
      text = createReader(pattern, extra, seed).whole();
    } catch {
      return null;
    }
    const anchored = pattern.startsWith("^") && pattern.endsWith("$");
    if (!anchored && text.length < minLength) text = text.padEnd(minLength, "a");
    if (text.length > maxLength) return null;
    if (text.length >= minLength && regex.test(text)) return text;
    if (extra === TRIES - 1 && minLength > TRIES) {
      const grown = createReader(pattern, minLength, seed).whole();
      return grown.length >= minLength && grown.length <= maxLength && regex.test(grown) ? grown : null;
    }
  }
  return null;
}

const CLASSES: Readonly<Record<string, string>> = {
  d: "0123456789",
  w: "abcdefghijklmnopqrstuvwxyz",
  s: " ",
  D: "a",
  W: "-",
  S: "a",
};
const ANY = "abcdefghijklmnopqrstuvwxyz";

function createReader(pattern: string, extra: number, seed: number) {
  let at = 0;
  let made = 0;
  const peek = () => pattern[at];
  const oneOf = (characters: string): string => {
    if (characters.length === 0) throw new SyntaxError("an empty class");
    made += 1;
    return characters[(seed + made * 7) % characters.length] as string;
  };

  function alternatives(): string {
    const options = [sequence()];
    while (peek() === "|") {
      at += 1;
      options.push(sequence());
    }
    return options[seed % options.length] as string;
  }

  function sequence(): string {
    let text = "";
    while (at < pattern.length && peek() !== "|" && peek() !== ")") text += repeated();
    return text;
  }

  function repeated(): string {
    const start = at;
    let text = atom();
    const end = at;
    const [min, max] = count();
    const after = at;
    const times = Math.min(max, Math.max(min, min === 0 ? Math.min(1, extra) : min) + (max > min ? extra : 0));
    if (times === 0) text = "";
    for (let i = 1; i < times; i++) {
      at = start;
      text += atom();
      at = end;
    }
    at = after;
    return text;
  }

  function count(): [number, number] {
    const mark = peek();
    const braces = mark === "{" ? /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at)) : null;
    let range: [number, number] = [1, 1];
    if (mark === "*") range = [0, Number.POSITIVE_INFINITY];
    else if (mark === "+") range = [1, Number.POSITIVE_INFINITY];
    else if (mark === "?") range = [0, 1];
    else if (braces) {
      const min = Number(braces[1]);
      range = [min, braces[2] === undefined ? min : braces[3] ? Number(braces[3]) : Number.POSITIVE_INFINITY];
      at += braces[0].length - 1;
    } else return range;
    at += 1;
    if (peek() === "?") at += 1;
    return range;
  }

  function atom(): string {
    const mark = pattern[at++] as string;
    if (mark === "^" || mark === "$") return "";
    if (mark === ".") return oneOf(ANY);
    if (mark === "(") return group();
    if (mark === "[") return oneOf(characterClass());
    if (mark === "\\") return escaped();
    return mark;
  }

  function group(): string {
    const head = /^\?(?:[:=]|<[A-Za-z]\w*>)/.exec(pattern.slice(at))?.[0];
    if (peek() === "?" && head === undefined) throw new SyntaxError("a negative look-around");
    at += head?.length ?? 0;
    const text = alternatives();
    at += 1;
    return head === "?=" ? "" : text;
  }

  function escaped(): string {
    const mark = pattern[at++] as string;
    if (mark === "b" || mark === "B") return "";
    if (CLASSES[mark] !== undefined) return oneOf(CLASSES[mark]);
    if (mark === "p" || mark === "P") {
      at = pattern.indexOf("}", at) + 1;
      return oneOf(ANY);
    }
    return literal(mark);
  }

  function literal(mark: string): string {
    if (mark === "u" || mark === "x") {
      const hex = (mark === "u" ? /^[0-9a-f]{4}/i : /^[0-9a-f]{2}/i).exec(pattern.slice(at))?.[0] ?? "";
      at += hex.length;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return { n: "\n", t: "\t", r: "\r" }[mark] ?? mark;
  }

  function characterClass(): string {
    const negated = peek() === "^";
    if (negated) at += 1;
    let characters = "";
    while (at < pattern.length && peek() !== "]") {
      const from = classCharacter();
      if (peek() === "-" && pattern[at + 1] !== "]" && from.length === 1) {
        at += 1;
        characters += range(from, classCharacter());
      } else characters += from;
    }
    at += 1;
    if (!negated) return characters;
    return [...`${ANY}0123456789-_ .`].filter((one) => !characters.includes(one)).join("");
  }

  function classCharacter(): string {
    const mark = pattern[at++] as string;
    if (mark !== "\\") return mark;
    const next = pattern[at++] as string;
    return CLASSES[next] ?? literal(next);
  }

  return {
    whole(): string {
      const text = alternatives();
      if (at < pattern.length) throw new SyntaxError("an unmatched bracket");
      return text;
    },
  };
}

function range(from: string, to: string): string {
  let characters = "";
  const [first, last] = [from.charCodeAt(0), Math.min(to.charCodeAt(0), from.charCodeAt(0) + 127)];
  for (let code = first; code <= last; code++) characters += String.fromCharCode(code);
  return characters;
}
