import type { Phrasebook } from "../phrasebook.ts";

export const french: Phrasebook = {
  code: "fr",
  mistakes: [
    { wrong: /\bje suis (\d+) ans\b/i, right: "j’ai $1 ans", why: "In French you have years: “avoir … ans”." },
    {
      wrong: /\bje suis (faim|soif|froid|chaud|peur)\b/i,
      right: "j’ai $1",
      why: "Hunger, thirst and cold are things you have: “avoir”.",
    },
    { wrong: /\bje (ai|aime|habite|adore|étudie|écoute)\b/i, right: "j’$1", why: "Before a vowel, “je” becomes “j’”." },
    {
      wrong: /\bj[’']ai (allé|venu|parti)(?!\p{L})/iu,
      right: "je suis $1",
      why: "Verbs of coming and going take “être”.",
    },
    { wrong: /\bla (problème|soleil|café|musée)(?!\p{L})/iu, right: "le $1", why: "This noun is masculine." },
    { wrong: /\bbeaucoup des\b/i, right: "beaucoup de", why: "After “beaucoup” it is always “de”." },
    { wrong: /(?<!\p{L})à le\b/iu, right: "au", why: "“à” and “le” become one word." },
    { wrong: /\bde le\b/i, right: "du", why: "“de” and “le” become one word." },
  ],
  accented: ["café", "très", "français", "école", "père", "mère", "frère", "déjà", "préféré", "problème", "fenêtre"],
  stuck: "Comment dit-on cela en français ?",
  topics: [
    {
      about: /café|cafe|manger|mange|pain|fromage|faim|déjeuner|croissant/i,
      say: "Miam ! Le matin, je prends du pain avec de la confiture. Et toi, que prends-tu au petit déjeuner ?",
      words: { "le petit déjeuner": "breakfast", "la confiture": "jam", "le pain": "bread" },
    },
    {
      about: /temps|pleut|pluie|soleil|chaud|froid|neige/i,
      say: "Ici, il y a du soleil et un peu de vent. Quelle saison préfères-tu ?",
      words: { "la saison": "season", "le vent": "wind" },
    },
    {
      about: /famille|frère|sœur|soeur|mère|père|fille|fils|chien|chat\b/i,
      say: "C’est charmant ! Moi, j’ai un frère et un vieux chien. Avec qui habites-tu ?",
      words: { vieux: "old", habiter: "to live (somewhere)" },
    },
    {
      about: /travail|étudi|etudi|université|école|bureau/i,
      say: "C’est intéressant ! Moi, je travaille surtout l’après-midi. Qu’est-ce qui te plaît dans ta journée ?",
      words: { "l’après-midi": "afternoon", "la journée": "day" },
    },
    {
      about: /voyag|vacances|plage|mer\b|ville|paris|lyon|france/i,
      say: "Quelle bonne idée ! Je rêve de prendre le train de nuit. Où veux-tu aller ?",
      words: { rêver: "to dream", "la nuit": "night" },
    },
    {
      about: /musique|film|cinéma|livre|lire|chant|dans(e|er)\b/i,
      say: "Moi aussi ! Le dimanche, je lis dans le jardin. Que fais-tu le dimanche ?",
      words: { "le dimanche": "Sunday; on Sundays", "le jardin": "garden" },
    },
    {
      about: /je m.appelle|je suis|ça va|j.ai/i,
      say: "Enchantée ! Je suis contente de te connaître. Qu’est-ce que tu aimes faire le week-end ?",
      words: { enchanté: "nice to meet you", content: "glad" },
    },
  ],
  otherwise: [
    "Je t’écoute. Raconte-moi ta journée : qu’as-tu mangé aujourd’hui ?",
    "C’est bien ! Et comment est ta famille ?",
    "Je comprends. Quelle musique écoutes-tu ?",
    "Bien sûr ! Tu préfères la mer ou la ville ?",
  ],
  more: "Dis-moi aussi pourquoi.",
};
