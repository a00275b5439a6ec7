/** A pattern in parts. What stands for one character is left to the platform's own regular expressions. */
export type PatternNode =
  | { kind: "character"; test: (character: string) => boolean }
  | { kind: "assertion"; assertion: "start" | "end" | "boundary" | "inside" }
  | { kind: "look"; negative: boolean; body: PatternNode }
  | { kind: "sequence"; parts: readonly PatternNode[] }
  | { kind: "choice"; branches: readonly PatternNode[] }
  | { kind: "repeat"; body: PatternNode; min: number; max: number };

/** Longer patterns are refused: nothing that describes one field needs them. */
const MAX_LENGTH = 2000;
const MAX_GROUPS_DEEP = 50;

/** @throws SyntaxError for what is no regular expression, or one that cannot be matched in bounded time. */
export function parsePattern(source: string): PatternNode {
  if (source.length > MAX_LENGTH) throw new SyntaxError(`it is longer than ${MAX_LENGTH} characters`);
  return new Parser(source, flagsOf(source)).pattern();
}

/** Unicode where the pattern allows it, as JSON Schema asks; the older syntax is more lenient with escapes. */
function flagsOf(source: string): "u" | "" {
  try {
    new RegExp(source, "u");
    return "u";
  } catch {
    new RegExp(source);
    return "";
  }
}

const QUANTIFIER = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/;
const ESCAPE = /^\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[\s\S])/u;
const CLASS = /^\[(?:\\[\s\S]|[^\]\\])*\]/;
const GROUP_START = /^\((?:\?(:|=|!|<[^=!>][^>]*>))?/;

class Parser {
  readonly #source: string;
  readonly #flags: "u" | "";
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: "u" | "") {
    this.#source = source;
    this.#flags = flags;
  }

  pattern(): PatternNode {
    const branches: PatternNode[] = [this.#sequence()];
    while (this.#source[this.#at] === "|") {
      this.#at += 1;
      branches.push(this.#sequence());
    }
    return branches.length === 1 ? (branches[0] as PatternNode) : { kind: "choice", branches };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at] as string)) {
      parts.push(this.#quantified(this.#atom()));
    }
    return { kind: "sequence", parts };
  }

  #quantified(body: PatternNode): PatternNode {
    const [text, sign, low, comma, high] = QUANTIFIER.exec(this.#rest()) ?? [];
    if (text === undefined) return body;
    this.#at += text.length;
    if (sign) return { kind: "repeat", body, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
    const min = Number(low);
    return { kind: "repeat", body, min, max: comma === undefined ? min : high ? Number(high) : Infinity };
  }

  #atom(): PatternNode {
    switch (this.#source[this.#at]) {
      case "^":
        this.#at += 1;
        return { kind: "assertion", assertion: "start" };
      case "$":
        this.#at += 1;
        return { kind: "assertion", assertion: "end" };
      case "(":
        return this.#group();
      case "[":
        return this.#character(CLASS);
      case "\\":
        return this.#escape();
      case ".":
        this.#at += 1;
        return { kind: "character", test: (character) => /^.$/u.test(character) };
      default:
        return this.#literal();
    }
  }

  #literal(): PatternNode {
    const wanted = String.fromCodePoint(this.#source.codePointAt(this.#at) as number);
    this.#at += wanted.length;
    return { kind: "character", test: (character) => character === wanted };
  }

  #escape(): PatternNode {
    const letter = this.#source[this.#at + 1] ?? "";
    if (/[1-9k]/.test(letter)) throw new SyntaxError("it refers back to what it has matched");
    if (letter !== "b" && letter !== "B") return this.#character(ESCAPE);
    this.#at += 2;
    return { kind: "assertion", assertion: letter === "b" ? "boundary" : "inside" };
  }

  #character(form: RegExp): PatternNode {
    const [text] = form.exec(this.#rest()) ?? [];
    if (text === undefined) throw new SyntaxError("it has a class or an escape that does not end");
    this.#at += text.length;
    const one = new RegExp(`^${text}$`, this.#flags);
    return { kind: "character", test: (character) => one.test(character) };
  }

  #group(): PatternNode {
    const [text = "", kind] = GROUP_START.exec(this.#rest()) ?? [];
    if (this.#source[this.#at + 1] === "?" && kind === undefined) {
      throw new SyntaxError("it looks behind, or switches flags");
    }
    this.#depth += 1;
    if (this.#depth > MAX_GROUPS_DEEP) throw new SyntaxError("its groups are nested too deeply");
    this.#at += text.length;
    const body = this.pattern();
    this.#at += 1;
    this.#depth -= 1;
    return kind === "=" || kind === "!" ? { kind: "look", negative: kind === "!", body } : body;
  }

  #rest(): string {
    return this.#source.slice(this.#at);
  }
}
