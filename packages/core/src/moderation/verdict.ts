import type { ModerationPart, ModerationRequest } from "../resources/moderations/moderations.schema.ts";
import type {
  ModerationCategory,
  ModerationInputType,
  ModerationResult,
} from "../resources/moderations/moderations.types.ts";
import { CATEGORIES, CATEGORY_NAMES, isOlderModel } from "./categories.ts";

/** From 0 to 1, by category; what is left out is 0. */
export type ModerationScores = Partial<Record<ModerationCategory, number>>;

/** From which score on a category is flagged, where nobody has said otherwise. */
const THRESHOLD = 0.5;

/** What each result is about: a text, every text of a list, or all parts of one input together. */
export function moderationInputs(input: ModerationRequest["input"]): (readonly ModerationPart[])[] {
  if (typeof input === "string") return [[{ type: "text", text: input }]];
  if (typeof input[0] !== "string") return [input as ModerationPart[]];
  return (input as string[]).map((text) => [{ type: "text", text }]);
}

interface Judged {
  readonly model: string;
  readonly parts: readonly ModerationPart[];
  readonly scores: ModerationScores;
  readonly thresholds?: ModerationScores;
}

/** What scores come to: which categories are flagged, and what they are about. */
export function verdict({ model, parts, scores, thresholds = {} }: Judged): ModerationResult {
  const older = isOlderModel(model);
  const names = CATEGORY_NAMES.filter((name) => !older || CATEGORIES[name].older);
  const types = new Set<ModerationInputType>(parts.map(({ type }) => (type === "text" ? "text" : "image")));
  const applied = (name: ModerationCategory) => [...types].filter((type) => type === "text" || CATEGORIES[name].images);
  // A category that nothing of the input is held against has a score of 0, whatever a judge says.
  const scored = names.map((name) => [name, applied(name).length > 0 ? clamped(scores[name]) : 0] as const);
  const flags = scored.map(([name, score]) => [name, score >= (thresholds[name] ?? THRESHOLD)] as const);
  return {
    flagged: flags.some(([, flagged]) => flagged),
    categories: Object.fromEntries(flags),
    category_scores: Object.fromEntries(scored),
    ...(!older && { category_applied_input_types: Object.fromEntries(names.map((name) => [name, applied(name)])) }),
  } as ModerationResult;
}

function clamped(score = 0): number {
  return Math.min(1, Math.max(0, score));
}
