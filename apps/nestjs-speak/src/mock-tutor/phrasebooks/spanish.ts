import type { Phrasebook } from "../phrasebook.ts";

export const spanish: Phrasebook = {
  code: "es",
  mistakes: [
    { wrong: /\bsoy (\d+) años\b/i, right: "tengo $1 años", why: "In Spanish you have years: “tener … años”." },
    {
      wrong: /\bsoy (hambre|sed|frío|calor|sueño)\b/i,
      right: "tengo $1",
      why: "Hunger, thirst and cold are things you have: “tener”.",
    },
    {
      wrong: /\bsoy (cansad[oa]|enferm[oa]|content[oa]|ocupad[oa]|bien)\b/i,
      right: "estoy $1",
      why: "How you are right now takes “estar”.",
    },
    { wrong: /\bestoy de\b/i, right: "soy de", why: "Where you come from takes “ser”." },
    {
      wrong: /\bme gusta (los|las)\b/i,
      right: "me gustan $1",
      why: "What you like is the subject: several things “gustan”.",
    },
    { wrong: /\byo gusto\b/i, right: "me gusta", why: "Things please you: “me gusta”." },
    { wrong: /\bla (problema|tema|día|mapa)\b/i, right: "el $1", why: "It ends in -a, but it is masculine." },
    { wrong: /\bcomo est[aá]s(?!\p{L})/iu, right: "cómo estás", why: "Question words carry an accent: “cómo”." },
    { wrong: /\bmuy mucho\b/i, right: "mucho", why: "“Mucho” needs no “muy”." },
    { wrong: /\ba el\b/i, right: "al", why: "“a” and “el” become one word." },
    { wrong: /\bde el\b/i, right: "del", why: "“de” and “el” become one word." },
    { wrong: /\ba la cine\b/i, right: "al cine", why: "“Cine” is masculine: “el cine”." },
  ],
  accented: [
    "café",
    "mañana",
    "también",
    "después",
    "español",
    "música",
    "película",
    "inglés",
    "estación",
    "adiós",
    "días",
  ],
  stuck: "¿Cómo se dice esto en español?",
  topics: [
    {
      about: /café|cafe|desayun|comida|comer|hambre|tapas|paella|pan\b/i,
      say: "¡Qué rico! A mí me encanta desayunar despacio. ¿Qué desayunas tú normalmente?",
      words: { "el desayuno": "breakfast", rico: "tasty", despacio: "slowly" },
    },
    {
      about: /tiempo|lluvia|llueve|sol\b|calor|frío/i,
      say: "Aquí hoy hace sol y un poco de viento. ¿Qué tiempo te gusta más?",
      words: { "hace sol": "it is sunny", "el viento": "the wind" },
    },
    {
      about: /famili|herman|madre|padre|hij|perro|gato/i,
      say: "¡Qué bonito! Yo tengo dos hermanas y un gato muy perezoso. ¿Con quién vives tú?",
      words: { "la hermana": "sister", perezoso: "lazy" },
    },
    {
      about: /trabaj|estudi|universidad|escuela|oficina/i,
      say: "¡Qué interesante! Yo trabajo por las tardes. ¿Qué es lo más divertido de tu día?",
      words: { "la tarde": "afternoon", divertido: "fun" },
    },
    {
      about: /viaj|playa|vacacion|ciudad|madrid|barcelona|méxico|españa|mar\b/i,
      say: "¡Qué envidia! Yo sueño con un viaje en tren por la costa. ¿Adónde quieres viajar?",
      words: { "el tren": "train", "la costa": "coast", soñar: "to dream" },
    },
    {
      about: /músic|music|cine|películ|libro|leer|cantar|bail|guitarra/i,
      say: "¡A mí también me gusta! Los domingos leo o canto en la cocina. ¿Qué haces tú los domingos?",
      words: { cantar: "to sing", "la cocina": "kitchen" },
    },
    {
      about: /me llamo|mi nombre|soy |estoy |tengo /i,
      say: "¡Mucho gusto! Me alegro de conocerte. ¿Qué te gusta hacer en tu tiempo libre?",
      words: { "mucho gusto": "nice to meet you", "el tiempo libre": "free time" },
    },
  ],
  otherwise: [
    "Te escucho. Cuéntame algo de tu día: ¿qué has comido hoy?",
    "¡Qué bien! ¿Y cómo es tu familia?",
    "Entiendo. ¿Qué música escuchas?",
    "¡Claro! ¿Prefieres la playa o la ciudad?",
  ],
  more: "Cuéntame también por qué.",
};
