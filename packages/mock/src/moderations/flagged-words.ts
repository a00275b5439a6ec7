import type { ModerationCategory } from "@outlet/core";

/** Words and phrases that a mock flags, whatever their case: one or two a category, so that tests and demos can tell them apart. */
export const FLAGGED_WORDS: Readonly<Partial<Record<ModerationCategory, readonly string[]>>> = {
  harassment: ["idiot", "you are worthless"],
  "harassment/threatening": ["i will hurt you", "watch your back"],
  hate: ["i hate those people"],
  "hate/threatening": ["those people must be hurt"],
  illicit: ["shoplift", "launder money"],
  "illicit/violent": ["build a bomb"],
  "self-harm": ["hurt myself", "suicide"],
  "self-harm/intent": ["hurt myself"],
  "self-harm/instructions": ["how to hurt yourself"],
  sexual: ["erotic"],
  "sexual/minors": ["erotic story of a child"],
  violence: ["kill", "stab", "i will hurt you"],
  "violence/graphic": ["blood everywhere"],
};
