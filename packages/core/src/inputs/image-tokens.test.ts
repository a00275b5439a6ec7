import { expect, it } from "vitest";
import { type ImageDetail, imageTokens } from "./image-tokens.ts";

// The first six are worked out in https://platform.openai.com/docs/guides/images-vision, before a model's multiplier.
it.each<[model: string, width: number, height: number, detail: ImageDetail | undefined, tokens: number]>([
  ["gpt-4o", 1024, 1024, "high", 765],
  ["gpt-4o", 2048, 4096, "high", 1105],
  ["gpt-4o", 4096, 8192, "low", 85],
  ["gpt-5.2", 1024, 1024, "high", 1024],
  ["gpt-5.2", 1800, 2400, "high", 1452],
  ["gpt-4.1-mini-2025-04-14", 1800, 2400, "high", Math.ceil(1452 * 1.62)],
  ["gpt-4o-mini", 512, 512, "high", 2833 + 5667],
  ["o3", 512, 513, undefined, 75 + 2 * 150],
  ["gpt-5", 100, 100, "low", 70],
  // Patches: the longest side first, then their number; `low` is 512 pixels at most.
  ["gpt-5.4", 4096, 1024, "high", 64 * 16],
  ["gpt-5.4", 1600, 1600, "auto", 2500],
  ["gpt-5.4", 3200, 3200, "original", 10_000],
  ["gpt-5.4", 12_000, 32, "original", 188],
  ["gpt-5.5", 3200, 3200, "auto", 10_000],
  ["gpt-5.6", 6400, 6400, undefined, 40_000],
  ["gpt-5.4", 1024, 1024, "low", 256],
  ["gpt-5.4", 32, 32, "high", 1],
  // A model that has no such detail takes the best it has; one that nobody documented counts as gpt-4o.
  ["gpt-4o", 1024, 1024, "original", 765],
  ["my-own-model", 1024, 1024, "auto", 765],
])("%s: %i × %i in %s detail is %i tokens", (model, width, height, detail, tokens) => {
  expect(imageTokens(model, { width, height }, detail)).toBe(tokens);
});

it("counts an image whose size is not known as 1024 × 1024", () => {
  expect(imageTokens("gpt-4o", null)).toBe(765);
  expect(imageTokens("gpt-5.2", null, "high")).toBe(1024);
});

it("never counts more patches than there is room for, nor none, whatever the shape", () => {
  for (let width = 1; width < 70_000; width = Math.ceil(width * 1.7)) {
    for (let height = 1; height < 70_000; height = Math.ceil(height * 1.7)) {
      const tokens = imageTokens("gpt-5.2", { width, height }, "high");
      expect(tokens).toBeGreaterThan(0);
      expect(tokens).toBeLessThanOrEqual(1536);
    }
  }
});
