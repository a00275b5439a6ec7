import type { Model } from "@outlet/core";

const model = (id: string, created: number, owned_by = "system"): Model => ({ id, object: "model", created, owned_by });

/** What `GET /models` lists unless the mock is given ids of its own; any other id is answered all the same. */
export const KNOWN_MODELS: readonly Model[] = [
  model("gpt-5.1", 1762800673),
  model("gpt-5", 1754425777),
  model("gpt-5-mini", 1754425928),
  model("gpt-5-nano", 1754426303),
  model("gpt-4.1", 1744316542),
  model("gpt-4.1-mini", 1744318173),
  model("gpt-4.1-nano", 1744321025),
  model("o4-mini", 1744225351),
  model("o3", 1744225308),
  model("o3-mini", 1737146383),
  model("gpt-4o", 1715367049),
  model("gpt-4o-mini", 1721172741),
  model("gpt-4-turbo", 1712361441),
  model("gpt-4", 1687882411, "openai"),
  model("gpt-3.5-turbo", 1677610602, "openai"),
  model("gpt-3.5-turbo-instruct", 1692901427),
  model("davinci-002", 1692634301),
  model("babbage-002", 1692634615),
  model("text-embedding-3-large", 1705953180),
  model("text-embedding-3-small", 1705948997),
  model("omni-moderation-latest", 1731689265),
  model("omni-moderation-2024-09-26", 1732734466),
  model("text-embedding-ada-002", 1671217299, "openai-internal"),
];
