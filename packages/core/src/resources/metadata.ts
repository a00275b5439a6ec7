import { z } from "zod";

const MAX_PAIRS = 16;

/** What a client attaches to an object to find it by. https://platform.openai.com/docs/api-reference/conversations/create */
export const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= MAX_PAIRS, `expected at most ${MAX_PAIRS} key-value pairs`);

export type Metadata = z.infer<typeof metadata>;
