/** What the mock tutor knows of a language: a little, all of it written by hand. */
export interface Phrasebook {
  /** As in `languages.ts`. */
  readonly code: string;
  /** Typical mistakes, looked for one after the other. */
  readonly mistakes: readonly Mistake[];
  /** Words whose accents English keyboards leave out; none of them is another word without. */
  readonly accented: readonly string[];
  /** Nouns that need a capital letter. */
  readonly nouns?: readonly string[];
  /** What to say when one is stuck; the answer to a message in English. */
  readonly stuck: string;
  /** The first that fits and was not talked about yet is replied with. */
  readonly topics: readonly Topic[];
  /** Replies when no topic fits, in turn. */
  readonly otherwise: readonly string[];
  /** Added from level B1 on. */
  readonly more: string;
}

export interface Mistake {
  readonly wrong: RegExp;
  /** As in `String.replace`. */
  readonly right: string;
  readonly why: string;
}

export interface Topic {
  readonly about: RegExp;
  readonly say: string;
  /** Word → meaning. */
  readonly words: Readonly<Record<string, string>>;
}
