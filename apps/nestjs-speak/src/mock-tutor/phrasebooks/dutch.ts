import type { Phrasebook } from "../phrasebook.ts";

export const dutch: Phrasebook = {
  code: "nl",
  mistakes: [
    { wrong: /\bik ben (\d+) jaren( oud)?\b/i, right: "ik ben $1 jaar", why: "After a number it stays “jaar”." },
    { wrong: /\bik ben (honger|dorst|slaap)\b/i, right: "ik heb $1", why: "Hunger and thirst are things you have." },
    { wrong: /\bik ben (koud|warm)\b/i, right: "ik heb het $1", why: "How warm you feel is said with “het hebben”." },
    {
      wrong: /\bik heb ((?:\p{L}+ ){0,3})(gegaan|gekomen|gebleven)\b/iu,
      right: "ik ben $1$2",
      why: "Verbs of coming and going take “zijn”.",
    },
    { wrong: /\bik gaat\b/i, right: "ik ga", why: "With “ik”, the verb has no -t." },
    { wrong: /\bik heeft\b/i, right: "ik heb", why: "“heeft” goes with “hij” and “zij”." },
    { wrong: /\bde (huis|boek|meisje|weer|water)\b/i, right: "het $1", why: "This noun takes “het”." },
    { wrong: /\bhet (hond|stad|trein|koffie|vriend)\b/i, right: "de $1", why: "This noun takes “de”." },
    { wrong: /\bik hou van (\p{L}+en) (\p{L}+)/iu, right: "ik hou van $2 $1", why: "The verb goes to the end." },
  ],
  accented: ["café", "België", "Italië", "ideeën"],
  stuck: "Hoe zeg je dat in het Nederlands?",
  topics: [
    {
      about: /koffie|eten|eet|brood|kaas|ontbijt|honger|kook|koken/i,
      say: "Lekker! Ik ontbijt graag met brood en kaas. Wat eet jij ’s ochtends?",
      words: { "het ontbijt": "breakfast", "de kaas": "cheese", "’s ochtends": "in the morning" },
    },
    {
      about: /weer\b|regen|zon|koud|warm|sneeuw/i,
      say: "Hier schijnt de zon, maar het waait. Welk seizoen vind jij het mooist?",
      words: { "het seizoen": "season", waaien: "to blow (of wind)" },
    },
    {
      about: /famili|broer|zus|moeder|vader|kind|hond|kat\b/i,
      say: "Wat leuk! Ik heb een broer en een luie kat. Met wie woon jij?",
      words: { lui: "lazy", wonen: "to live (somewhere)" },
    },
    {
      about: /werk|studeer|universiteit|school|kantoor/i,
      say: "Interessant! Ik werk meestal ’s middags. Wat vind je leuk aan je dag?",
      words: { "’s middags": "in the afternoon", meestal: "mostly" },
    },
    {
      about: /reis|reizen|vakantie|strand|zee|stad|amsterdam|utrecht|nederland/i,
      say: "Daar wil ik ook heen! Ik droom van een reis met de trein. Waar wil jij naartoe?",
      words: { "de trein": "train", dromen: "to dream" },
    },
    {
      about: /muziek|film|boek|lees|lezen|zing|dans/i,
      say: "Ik ook! Op zondag lees ik in de tuin. Wat doe jij op zondag?",
      words: { "de zondag": "Sunday", "de tuin": "garden" },
    },
    {
      about: /ik heet|ik ben|mijn naam|het gaat|ik heb/i,
      say: "Aangenaam! Fijn dat je er bent. Wat doe je graag in je vrije tijd?",
      words: { aangenaam: "nice to meet you", "de vrije tijd": "free time" },
    },
  ],
  otherwise: [
    "Ik luister. Vertel eens over je dag: wat heb je vandaag gegeten?",
    "Wat mooi! En hoe is jouw familie?",
    "Ik snap het. Naar welke muziek luister je?",
    "Zeker! Ga je liever naar het strand of naar de stad?",
  ],
  more: "Vertel ook eens waarom.",
};
