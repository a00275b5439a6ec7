import type { Phrasebook } from "../phrasebook.ts";

export const german: Phrasebook = {
  code: "de",
  mistakes: [
    {
      wrong: /\bich bin (\d+) jahre\b(?! alt)/i,
      right: "ich bin $1 Jahre alt",
      why: "“alt” completes it: so many years old.",
    },
    {
      wrong: /\bich bin (kalt|warm|heiß)(?!\p{L})/iu,
      right: "mir ist $1",
      why: "How warm you feel is said with “mir ist”.",
    },
    { wrong: /\bich bin (hunger|durst|angst)\b/i, right: "ich habe $1", why: "Hunger and thirst are things you have." },
    {
      wrong: /\bich habe ((?:\p{L}+ ){0,3})(gegangen|gefahren|gekommen)\b/iu,
      right: "ich bin $1$2",
      why: "Verbs of going take “sein”.",
    },
    {
      wrong: /\bich gehe zu hause\b/i,
      right: "ich gehe nach Hause",
      why: "“zu Hause” is where you are, “nach Hause” where you go.",
    },
    { wrong: /\b(das|die) (hund|kaffee|tag|tisch)\b/i, right: "der $2", why: "This noun is masculine." },
    { wrong: /\b(der|die) (buch|auto|haus|mädchen|wetter)\b/i, right: "das $2", why: "This noun is neuter." },
    { wrong: /\bich heisse\b/i, right: "ich heiße", why: "After “ei”, the sharp s is written ß." },
    {
      wrong: /\bich mag (schwimmen|lesen|kochen|reisen|tanzen)\b/i,
      right: "ich $1 gern",
      why: "What you like to do is said with “gern”.",
    },
  ],
  accented: ["für", "müde", "über", "Käse", "Brötchen", "Frühstück", "hören", "Bücher", "Straße", "natürlich"],
  nouns: [
    "Kaffee",
    "Hund",
    "Katze",
    "Buch",
    "Haus",
    "Stadt",
    "Schule",
    "Freund",
    "Freundin",
    "Familie",
    "Brot",
    "Wetter",
    "Hunger",
    "Durst",
    "Angst",
  ],
  stuck: "Wie sagt man das auf Deutsch?",
  topics: [
    {
      about: /kaffee|essen|esse|brot|frühstück|hunger|käse|kochen|kuchen/i,
      say: "Lecker! Ich frühstücke am liebsten lange. Was isst du morgens?",
      words: { "das Frühstück": "breakfast", lecker: "tasty", morgens: "in the morning" },
    },
    {
      about: /wetter|regen|regnet|sonne|kalt|warm|schnee/i,
      say: "Hier scheint die Sonne, aber es ist windig. Welche Jahreszeit magst du?",
      words: { "die Jahreszeit": "season", scheinen: "to shine" },
    },
    {
      about: /famili|bruder|schwester|mutter|vater|kind|hund|katze/i,
      say: "Wie schön! Ich habe einen Bruder und eine faule Katze. Mit wem wohnst du?",
      words: { faul: "lazy", wohnen: "to live (somewhere)" },
    },
    {
      about: /arbeit|studier|universität|schule|büro|beruf/i,
      say: "Spannend! Ich arbeite meistens am Nachmittag. Was macht dir Spaß an deinem Tag?",
      words: { spannend: "exciting", "der Nachmittag": "afternoon" },
    },
    {
      about: /reise|reisen|urlaub|meer|stadt|berlin|wien|zürich|deutschland/i,
      say: "Da will ich auch hin! Ich träume von einer Reise mit dem Zug. Wohin möchtest du fahren?",
      words: { "der Zug": "train", träumen: "to dream" },
    },
    {
      about: /musik|film|kino|buch|lese|lesen|sing|tanz/i,
      say: "Ich auch! Sonntags lese ich im Park. Was machst du sonntags?",
      words: { sonntags: "on Sundays", "der Park": "park" },
    },
    {
      about: /ich hei(ß|ss)e|ich bin|mein name|mir geht|ich habe/i,
      say: "Freut mich! Schön, dass du da bist. Was machst du gern in deiner Freizeit?",
      words: { "freut mich": "nice to meet you", "die Freizeit": "free time" },
    },
  ],
  otherwise: [
    "Ich höre dir zu. Erzähl mir von deinem Tag: Was hast du heute gegessen?",
    "Sehr schön! Und wie ist deine Familie?",
    "Verstehe. Welche Musik hörst du?",
    "Klar! Magst du lieber das Meer oder die Stadt?",
  ],
  more: "Erzähl mir auch, warum.",
};
