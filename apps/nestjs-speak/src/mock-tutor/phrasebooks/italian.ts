import type { Phrasebook } from "../phrasebook.ts";

export const italian: Phrasebook = {
  code: "it",
  mistakes: [
    { wrong: /\bsono (\d+) anni\b/i, right: "ho $1 anni", why: "In Italian you have years: “avere … anni”." },
    {
      wrong: /\bsono (fame|sete|freddo|caldo|sonno|paura)\b/i,
      right: "ho $1",
      why: "Hunger, thirst and cold are things you have: “avere”.",
    },
    {
      wrong: /\bmi piace (i|gli|le)\b/i,
      right: "mi piacciono $1",
      why: "What you like is the subject: several things “piacciono”.",
    },
    { wrong: /\bio piace\b/i, right: "mi piace", why: "Things please you: “mi piace”." },
    {
      wrong: /\bho (andat[oa]|venut[oa]|partit[oa]|arrivat[oa])\b/i,
      right: "sono $1",
      why: "Verbs of coming and going take “essere”.",
    },
    { wrong: /\bla (problema|cinema|tema)\b/i, right: "il $1", why: "It ends in -a, but it is masculine." },
    { wrong: /\ba il\b/i, right: "al", why: "“a” and “il” become one word." },
    { wrong: /\bdi il\b/i, right: "del", why: "“di” and “il” become one word." },
    { wrong: /\bin il\b/i, right: "nel", why: "“in” and “il” become one word." },
  ],
  accented: ["caffè", "città", "perché", "così", "università", "più", "già", "lunedì", "venerdì"],
  stuck: "Come si dice in italiano?",
  topics: [
    {
      about: /caffè|caffe|colazione|mangi|pane|pasta|pizza|fame|cucin/i,
      say: "Che buono! Io la mattina prendo un cappuccino al bar. Tu che cosa mangi a colazione?",
      words: { "la colazione": "breakfast", "la mattina": "morning", buono: "good" },
    },
    {
      about: /tempo|piove|pioggia|sole|caldo|freddo|neve/i,
      say: "Qui c’è il sole e un po’ di vento. Quale stagione preferisci?",
      words: { "la stagione": "season", "il vento": "wind" },
    },
    {
      about: /famigli|fratell|sorell|madre|padre|figli|cane|gatto/i,
      say: "Che bello! Io ho una sorella e un gatto molto pigro. Tu con chi abiti?",
      words: { pigro: "lazy", abitare: "to live (somewhere)" },
    },
    {
      about: /lavor|studi|università|scuola|ufficio/i,
      say: "Interessante! Io lavoro soprattutto il pomeriggio. Che cosa ti piace della tua giornata?",
      words: { "il pomeriggio": "afternoon", "la giornata": "day" },
    },
    {
      about: /viagg|vacanz|mare|città|roma|milano|italia|spiaggia/i,
      say: "Che invidia! Io sogno un viaggio in treno lungo il mare. Tu dove vuoi andare?",
      words: { "il treno": "train", sognare: "to dream" },
    },
    {
      about: /music|film|cinema|libr|legg|cant|ball/i,
      say: "Anche a me! La domenica leggo in giardino. Che cosa fai la domenica?",
      words: { "la domenica": "Sunday; on Sundays", "il giardino": "garden" },
    },
    {
      about: /mi chiamo|sono|sto |ho /i,
      say: "Piacere! Sono contenta di conoscerti. Che cosa ti piace fare nel tempo libero?",
      words: { piacere: "nice to meet you", "il tempo libero": "free time" },
    },
  ],
  otherwise: [
    "Ti ascolto. Raccontami la tua giornata: che cosa hai mangiato oggi?",
    "Che bello! E com’è la tua famiglia?",
    "Capisco. Che musica ascolti?",
    "Certo! Preferisci il mare o la città?",
  ],
  more: "Dimmi anche perché.",
};
