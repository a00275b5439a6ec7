// ChatML: how a conversation is written as one text for a model that continues text.
//
//   <|im_start|>user name=kim
//   What is said.<|im_end|>
//   <|im_start|>assistant
//
// A tokenizer turns `<|im_start|>` into the token that begins a message wherever it stands, so it must not stand in what is
// said: nor any other text between `<|` and `|>`, which is how such tokens are written, nor the same with the full-width
// forms of the two characters. A word joiner, which is not seen, goes between the two; where one or more are there already,
// one more. So what is said can be told back exactly, and has no `<|` in it.

export interface Turn {
  readonly role: "system" | "user" | "assistant";
  /** Letters, digits and what else `TURN_NAME` allows. */
  readonly name?: string | undefined;
  readonly text: string;
}

const START = "<|im_start|>";
const END = "<|im_end|>";

/** Where a model's answer ends. */
export const CHATML_STOP: readonly string[] = [END, START];

/** What a name may be; the API's own rule for it. */
export const TURN_NAME = /^[^\s<|\\/>＜｜]{1,64}$/;

/** A word joiner. */
const SPLIT = "\u2060";
const OPENING = /([<＜]\u2060*)([|｜])/g;
const SPLIT_OPENING = /([<＜]\u2060*)\u2060([|｜])/g;
/** What could still become a split opening. */
const UNFINISHED = /[<＜]\u2060{0,64}$/;

/** The turns, and the beginning of the assistant's next one. */
export function chatml(turns: readonly Turn[]): string {
  return `${turns.map(written).join("")}${START}assistant\n`;
}

function written({ role, name, text }: Turn): string {
  return `${START}${role}${name === undefined ? "" : ` name=${name}`}\n${withoutControl(text)}${END}\n`;
}

/** The text with nothing in it that a tokenizer could take for a control token. */
function withoutControl(text: string): string {
  return text.replaceAll(OPENING, `$1${SPLIT}$2`);
}

/** Takes out again, piece by piece, what was put into a text: a model may repeat what it was told. */
export class SplitMender {
  #held = "";

  push(piece: string): string {
    const text = this.#held + piece;
    this.#held = UNFINISHED.exec(text)?.[0] ?? "";
    return text.slice(0, text.length - this.#held.length).replaceAll(SPLIT_OPENING, "$1$2");
  }

  flush(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}
