import { z } from "zod";
import { correctionSchema } from "./correction.schema.ts";
import { LANGUAGES, LEVELS } from "./languages.ts";

/** UTF-16 units of one message, as `maxlength` counts. */
const MAX_MESSAGE = 600;
const MAX_WORD = 120;

export const startLessonSchema = z.object({
  language: z.enum(LANGUAGES.map(({ code }) => code)).meta({ example: "es" }),
  level: z.enum(LEVELS.map(({ code }) => code)).meta({ example: "A2" }),
});
export type StartLessonDto = z.infer<typeof startLessonSchema>;

export const sayingSchema = z.object({
  text: z
    .string()
    .trim()
    .min(1, "Write something first.")
    .max(MAX_MESSAGE, `A message may have ${MAX_MESSAGE} characters.`)
    .meta({ example: "Yo soy 30 años." }),
});
export type SayingDto = z.infer<typeof sayingSchema>;

export const reviewSchema = z.object({
  word: z.string().min(1).max(MAX_WORD).meta({ example: "el desayuno" }),
  known: z.boolean(),
});
export type ReviewDto = z.infer<typeof reviewSchema>;

export const wordSchema = z.object({
  word: z.string(),
  meaning: z.string(),
  known: z.number().int().min(0).max(3).describe("How often in a row it was known when practising."),
});
export type Word = z.infer<typeof wordSchema>;

export const wordsSchema = z.object({ words: z.array(wordSchema) });

const messageSchema = z.discriminatedUnion("from", [
  z.object({ from: z.literal("learner"), text: z.string(), correction: correctionSchema.nullable() }),
  z.object({ from: z.literal("tutor"), text: z.string(), stopped: z.boolean() }),
]);
export type Message = z.infer<typeof messageSchema>;

const lessonSchema = z.object({
  language: z.string(),
  level: z.string(),
  messages: z.array(messageSchema),
  words: z.array(wordSchema),
});
export type LessonDto = z.infer<typeof lessonSchema>;

const languageSchema = z.object({
  code: z.string(),
  name: z.string(),
  ownName: z.string(),
  tutor: z.string(),
  hello: z.string(),
  invitation: z.string(),
  praise: z.string(),
  letters: z.string(),
});

export const deskSchema = z.object({
  languages: z.array(languageSchema),
  levels: z.array(z.object({ code: z.string(), name: z.string() })),
  model: z.string(),
  mock: z.boolean().describe("True when the tutor is a script and knows typical mistakes only."),
  lesson: lessonSchema.nullable(),
});
export type DeskDto = z.infer<typeof deskSchema>;
