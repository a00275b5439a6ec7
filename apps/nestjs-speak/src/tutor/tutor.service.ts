import { Inject, Injectable } from "@nestjs/common";
import { InjectOpenAI } from "@outlet/nestjs";
import type { OpenAI } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { Upstream } from "../api/upstream.ts";
import { type Correction, correctionSchema } from "./correction.schema.ts";
import { languageOf } from "./languages.ts";
import type { Lesson } from "./lesson.ts";
import { correctionPrompt, tutorPrompt } from "./prompts.ts";

/** Asks the model, with the official SDK and in this process. */
@Injectable()
export class TutorService {
  constructor(
    @InjectOpenAI() private readonly openai: OpenAI,
    @Inject(Upstream) private readonly upstream: Upstream,
  ) {}

  /** The tutor's reply to the conversation so far, piece by piece. @throws what the SDK throws */
  async *reply(lesson: Lesson, signal: AbortSignal): AsyncGenerator<string> {
    const system = tutorPrompt(languageOf(lesson.language), lesson.level);
    const chunks = await this.openai.chat.completions.create(
      {
        model: this.upstream.model,
        messages: [{ role: "system", content: system }, ...said(lesson)],
        stream: true,
      },
      { signal, maxRetries: 0 },
    );
    for await (const chunk of chunks) {
      const text = chunk.choices[0]?.delta.content;
      if (text) yield text;
    }
  }

  /** What was wrong in the learner's last message. @throws what the SDK throws, also for an answer in another shape */
  async correct(lesson: Lesson, signal: AbortSignal): Promise<Correction> {
    const system = correctionPrompt(languageOf(lesson.language), lesson.level);
    const completion = await this.openai.chat.completions.parse(
      {
        model: this.upstream.model,
        // The tutor's question goes along, since an answer is only right or wrong beside it.
        messages: [{ role: "system", content: system }, ...said(lesson).slice(-2)],
        response_format: zodResponseFormat(correctionSchema, "correction"),
      },
      { signal, maxRetries: 0 },
    );
    const message = completion.choices[0]?.message;
    if (!message?.parsed) throw new Error(message?.refusal ?? "the correction was empty");
    return message.parsed;
  }
}

/** The conversation as a model gets it: a reply that was stopped before its first word is left out. */
function said({ messages }: Lesson) {
  return messages
    .filter(({ text }) => text !== "")
    .map(({ from, text }) => ({ role: from === "tutor" ? ("assistant" as const) : ("user" as const), content: text }));
}
