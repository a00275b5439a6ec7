/** A language that is taught, and who teaches it. */
export interface Language {
  /** BCP 47, for `lang` attributes. */
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** As its speakers call it. */
  readonly ownName: string;
  readonly tutor: string;
  readonly hello: string;
  /** How the tutor opens a lesson. */
  readonly opening: string;
  /** What the empty message box says. */
  readonly invitation: string;
  /** Said of a message in which there is nothing to correct. */
  readonly praise: string;
  /** Letters that are missing on an English keyboard, as the page offers them. */
  readonly letters: string;
}

export const LANGUAGES: readonly Language[] = [
  {
    code: "es",
    name: "Spanish",
    ownName: "Español",
    tutor: "Lucía",
    hello: "¡Hola!",
    opening: "¡Hola! Soy Lucía. ¿Cómo te llamas y cómo estás hoy?",
    invitation: "Escribe en español…",
    praise: "¡Muy bien!",
    letters: "áéíóúñ¿¡",
  },
  {
    code: "fr",
    name: "French",
    ownName: "Français",
    tutor: "Camille",
    hello: "Bonjour !",
    opening: "Bonjour ! Je suis Camille. Comment tu t’appelles, et comment ça va aujourd’hui ?",
    invitation: "Écris en français…",
    praise: "Très bien !",
    letters: "éèêàçîôù",
  },
  {
    code: "de",
    name: "German",
    ownName: "Deutsch",
    tutor: "Jonas",
    hello: "Hallo!",
    opening: "Hallo! Ich bin Jonas. Wie heißt du, und wie geht es dir heute?",
    invitation: "Schreib auf Deutsch …",
    praise: "Sehr gut!",
    letters: "äöüßÄÖÜ",
  },
  {
    code: "it",
    name: "Italian",
    ownName: "Italiano",
    tutor: "Giulia",
    hello: "Ciao!",
    opening: "Ciao! Sono Giulia. Come ti chiami, e come stai oggi?",
    invitation: "Scrivi in italiano…",
    praise: "Bravissimo!",
    letters: "àèéìòù",
  },
  {
    code: "pt",
    name: "Portuguese",
    ownName: "Português",
    tutor: "Inês",
    hello: "Olá!",
    opening: "Olá! Eu sou a Inês. Como te chamas, e como estás hoje?",
    invitation: "Escreve em português…",
    praise: "Muito bem!",
    letters: "ãõáâéêçó",
  },
  {
    code: "nl",
    name: "Dutch",
    ownName: "Nederlands",
    tutor: "Sanne",
    hello: "Hallo!",
    opening: "Hallo! Ik ben Sanne. Hoe heet je, en hoe gaat het vandaag?",
    invitation: "Schrijf in het Nederlands…",
    praise: "Heel goed!",
    letters: "éèëïöüá",
  },
];

export const LEVELS = [
  { code: "A1", name: "First words" },
  { code: "A2", name: "Short phrases" },
  { code: "B1", name: "Everyday talk" },
  { code: "B2", name: "Most topics" },
  { code: "C1", name: "Fine points" },
] as const;

export type Level = (typeof LEVELS)[number]["code"];

/** @throws RangeError for a code that is not offered: validation has let something through */
export function languageOf(code: string): Language {
  const language = LANGUAGES.find((one) => one.code === code);
  if (!language) throw new RangeError(`unknown language ${code}`);
  return language;
}
