import { z } from "zod";

/**
 * What a correction is: the model is asked for it (`response_format`), its answer is held against it, and Swagger shows it.
 * Structured outputs want every property required, and no limits beyond that.
 */
export const correctionSchema = z.object({
  corrected: z.string().describe("The learner's message without its mistakes, otherwise in the learner's own words."),
  mistakes: z.array(
    z.object({
      original: z.string().describe("The wrong words, exactly as the learner wrote them."),
      correction: z.string().describe("What belongs there, exactly as in the corrected message."),
      explanation: z.string().describe("Why, in one short English sentence."),
    }),
  ),
  words: z
    .array(
      z.object({
        word: z.string().describe("A word or short phrase of the language; nouns with their article."),
        meaning: z.string().describe("In English, in a few words."),
      }),
    )
    .describe("One to three words worth learning that have to do with the message."),
});

export type Correction = z.infer<typeof correctionSchema>;
