import { type MockContext, type MockEngine, type MockRequest, mockEngine } from "@outlet/mock";
import { LANGUAGES, type Language } from "../tutor/languages.ts";
import { correct } from "./corrections.ts";
import type { Phrasebook, Topic } from "./phrasebook.ts";
import { dutch } from "./phrasebooks/dutch.ts";
import { french } from "./phrasebooks/french.ts";
import { german } from "./phrasebooks/german.ts";
import { italian } from "./phrasebooks/italian.ts";
import { portuguese } from "./phrasebooks/portuguese.ts";
import { spanish } from "./phrasebooks/spanish.ts";

const BOOKS: readonly Phrasebook[] = [spanish, french, german, italian, portuguese, dutch];

/**
 * `@outlet/mock` with two rules that make it a tutor of few words: it corrects typical mistakes, changes the subject when a
 * word reminds it of one, and asks back. It understands nothing, and the page says so.
 */
export function mockTutor(options: { tokensPerSecond?: number } = {}): MockEngine {
  return mockEngine({
    ...options,
    rules: [
      {
        name: "correction",
        when: { where: (request, { system }) => wantsCorrection(request) && taught(system) !== undefined },
        reply: (request, context) => ({ json: correction(request, context) }),
      },
      {
        name: "reply",
        when: { where: (_, { system }) => taught(system) !== undefined },
        reply,
      },
    ],
  });
}

function wantsCorrection({ response_format: format }: MockRequest): boolean {
  return typeof format === "object" && format !== null && "type" in format && format.type === "json_schema";
}

/** The language that the tutor's instructions are about. */
function taught(system: string): { language: Language; book: Phrasebook } | undefined {
  const language = LANGUAGES.find(({ name }) => system.includes(` of ${name}`));
  const book = BOOKS.find(({ code }) => code === language?.code);
  return language && book && { language, book };
}

function correction(_request: MockRequest, { system, user }: MockContext) {
  const { language, book } = taught(system) as NonNullable<ReturnType<typeof taught>>;
  const words = book.topics.find(({ about }) => about.test(user))?.words ?? {};
  return {
    ...correct(user, book, language.name),
    words: Object.entries(words).map(([word, meaning]) => ({ word, meaning })),
  };
}

function reply(request: MockRequest, { system, user, turn }: MockContext): string {
  const { book } = taught(system) as NonNullable<ReturnType<typeof taught>>;
  const said = (request.messages ?? []).map(({ content }) => content).join("\n");
  const isNew = ({ about, say }: Topic) => about.test(user) && !said.includes(say);
  const text = book.topics.find(isNew)?.say ?? book.otherwise[turn % book.otherwise.length] ?? book.stuck;
  return /level (B|C)/.test(system) ? `${text} ${book.more}` : text;
}
