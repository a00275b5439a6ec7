import type { ModerationCategory } from "../resources/moderations/moderations.types.ts";

export interface Category {
  /** What belongs in it, as a judge is told. */
  readonly meaning: string;
  /** Also looked for in images. */
  readonly images: boolean;
  /** Known to the older models, which only take text. */
  readonly older: boolean;
}

/** https://platform.openai.com/docs/guides/moderation */
export const CATEGORIES: Readonly<Record<ModerationCategory, Category>> = {
  harassment: { meaning: "abuse, insults or intimidation of anybody", images: false, older: true },
  "harassment/threatening": {
    meaning: "harassment with a threat of violence or serious harm",
    images: false,
    older: true,
  },
  hate: {
    meaning:
      "hatred of people for their race, gender, ethnicity, religion, nationality, sexual orientation, disability or caste; of other groups it is harassment",
    images: false,
    older: true,
  },
  "hate/threatening": { meaning: "hate with a threat of violence or serious harm", images: false, older: true },
  illicit: {
    meaning: "advice or instructions for wrongdoing or crimes, like how to shoplift",
    images: false,
    older: false,
  },
  "illicit/violent": {
    meaning: "the same for violent crimes, or for getting or making weapons",
    images: false,
    older: false,
  },
  "self-harm": {
    meaning: "suicide, cutting, eating disorders: promoted, encouraged or shown",
    images: true,
    older: true,
  },
  "self-harm/instructions": {
    meaning: "instructions, advice or encouragement to harm oneself",
    images: true,
    older: true,
  },
  "self-harm/intent": { meaning: "somebody saying that they harm themselves or mean to", images: true, older: true },
  sexual: {
    meaning: "what is meant to arouse, or offers sexual services; not education or health",
    images: true,
    older: true,
  },
  "sexual/minors": { meaning: "sexual content with anybody under 18", images: false, older: true },
  violence: { meaning: "death, violence or injury", images: true, older: true },
  "violence/graphic": { meaning: "death, violence or injury in graphic detail", images: true, older: true },
};

export const CATEGORY_NAMES = Object.keys(CATEGORIES) as readonly ModerationCategory[];

/** The models of the reference; an id of one of them asks for moderation, whoever does it. */
const DOCUMENTED = /^(?:omni|text)-moderation-/;

export function isModerationModel(model: string): boolean {
  return DOCUMENTED.test(model);
}

/** The older family takes text only, has two categories fewer, and does not say what a score applies to. */
export function isOlderModel(model: string): boolean {
  return model.startsWith("text-moderation-");
}
