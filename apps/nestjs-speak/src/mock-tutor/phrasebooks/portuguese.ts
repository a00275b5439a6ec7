import type { Phrasebook } from "../phrasebook.ts";

export const portuguese: Phrasebook = {
  code: "pt",
  mistakes: [
    { wrong: /\bsou (\d+) anos\b/i, right: "tenho $1 anos", why: "In Portuguese you have years: “ter … anos”." },
    {
      wrong: /\bsou (fome|sede|frio|calor|sono|medo)\b/i,
      right: "tenho $1",
      why: "Hunger, thirst and cold are things you have: “ter”.",
    },
    {
      wrong: /\bsou (cansad[oa]|doente|ocupad[oa]|bem)\b/i,
      right: "estou $1",
      why: "How you are right now takes “estar”.",
    },
    { wrong: /\bestou de\b/i, right: "sou de", why: "Where you come from takes “ser”." },
    { wrong: /\bgosto (o|a|os|as)\b/i, right: "gosto d$1", why: "“gostar” takes “de”, which joins the article." },
    {
      wrong: /\bgosto (?!de\b|d[oa]s?\b|muito\b|mais\b|também)(\p{L}+)/iu,
      right: "gosto de $1",
      why: "“gostar” takes “de”.",
    },
    { wrong: /(?<!\p{L})a (problema|dia|mapa)\b/iu, right: "o $1", why: "It ends in -a, but it is masculine." },
    { wrong: /\bem (o|a)\b/i, right: "n$1", why: "“em” joins the article." },
    { wrong: /\bde (o|a)\b/i, right: "d$1", why: "“de” joins the article." },
  ],
  accented: ["café", "você", "não", "também", "português", "amanhã", "família", "música", "estação", "pão", "irmã"],
  stuck: "Como se diz isto em português?",
  topics: [
    {
      about: /café|cafe|comer|comida|pão|fome|almoç|cozinh/i,
      say: "Que delícia! De manhã, como pão com queijo. E tu, o que comes ao pequeno-almoço?",
      words: { "o pequeno-almoço": "breakfast", "o queijo": "cheese", "de manhã": "in the morning" },
    },
    {
      about: /tempo|chuva|chove|sol\b|calor|frio/i,
      say: "Aqui está sol e um pouco de vento. De que estação do ano gostas mais?",
      words: { "a estação": "season; station", "o vento": "wind" },
    },
    {
      about: /famíli|famili|irmã|irmão|mãe|pai\b|filh|cão|gato/i,
      say: "Que bonito! Eu tenho uma irmã e um gato preguiçoso. Com quem vives?",
      words: { preguiçoso: "lazy", viver: "to live" },
    },
    {
      about: /trabalh|estud|universidade|escola|escritório/i,
      say: "Interessante! Eu trabalho sobretudo à tarde. De que gostas no teu dia?",
      words: { "a tarde": "afternoon", sobretudo: "above all" },
    },
    {
      about: /viaj|viag|praia|férias|cidade|lisboa|porto|brasil|mar\b/i,
      say: "Que inveja! Eu sonho com uma viagem de comboio junto ao mar. Onde queres ir?",
      words: { "o comboio": "train (in Portugal)", sonhar: "to dream" },
    },
    {
      about: /músic|music|filme|cinema|livro|ler|cantar|danç/i,
      say: "Eu também gosto! Ao domingo leio no jardim. O que fazes ao domingo?",
      words: { "o domingo": "Sunday", "o jardim": "garden" },
    },
    {
      about: /chamo|sou |estou |tenho /i,
      say: "Muito prazer! Fico feliz por te conhecer. O que gostas de fazer nos tempos livres?",
      words: { "muito prazer": "nice to meet you", feliz: "happy" },
    },
  ],
  otherwise: [
    "Estou a ouvir. Conta-me o teu dia: o que comeste hoje?",
    "Que bom! E como é a tua família?",
    "Percebo. Que música ouves?",
    "Claro! Preferes a praia ou a cidade?",
  ],
  more: "Diz-me também porquê.",
};
