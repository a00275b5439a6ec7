import type { ImageSize } from "./image-size.ts";

export type ImageDetail = "auto" | "low" | "high" | "original";

// What an image costs, by https://platform.openai.com/docs/guides/images-vision. Models see it in patches of 32 pixels or
// in tiles of 512, after it was made to fit.

interface Patches {
  readonly kind: "patches";
  /** Tokens a patch. */
  readonly multiplier: number;
  /** What an image is made to fit, by `detail`; without `original` there is no such detail, and `auto` is `high`. */
  readonly high: Budget;
  readonly original?: Budget;
  readonly auto?: "original";
}

interface Budget {
  readonly patches: number;
  /** Longest side, in pixels. */
  readonly side: number;
}

interface Tiles {
  readonly kind: "tiles";
  readonly base: number;
  readonly tile: number;
}

const UNBOUNDED: Budget = { patches: Number.POSITIVE_INFINITY, side: Number.POSITIVE_INFINITY };
const LARGE: Budget = { patches: 10_000, side: 6000 };
const MEDIUM: Budget = { patches: 2500, side: 2048 };
const SMALL: Budget = { patches: 1536, side: 2048 };
const LOW: Budget = { patches: Number.POSITIVE_INFINITY, side: 512 };

const patches = (multiplier: number, high: Budget, more: Pick<Patches, "original" | "auto"> = {}): Patches => ({
  kind: "patches",
  multiplier,
  high,
  ...more,
});
const tiles = (base: number, tile: number): Tiles => ({ kind: "tiles", base, tile });

/** By how a model's id begins; the first that fits. */
const FAMILIES: readonly (readonly [RegExp, Patches | Tiles])[] = [
  [/^gpt-5\.4-mini|^gpt-5-mini|^gpt-4\.1-mini/, patches(1.62, SMALL)],
  [/^gpt-5\.4-nano|^gpt-5-nano|^gpt-4\.1-nano/, patches(2.46, SMALL)],
  [/^gpt-5\.4/, patches(1, MEDIUM, { original: LARGE })],
  [/^gpt-5\.5/, patches(1, MEDIUM, { original: LARGE, auto: "original" })],
  [/^gpt-(?:5\.[6-9]|[6-9])/, patches(1, MEDIUM, { original: UNBOUNDED, auto: "original" })],
  [/^o4-mini/, patches(1.72, SMALL)],
  [/^gpt-5\.[23]|^gpt-5(?:\.1)?-codex-mini/, patches(1, SMALL)],
  [/^gpt-5/, tiles(70, 140)],
  [/^gpt-4o-mini/, tiles(2833, 5667)],
  [/^o[13]/, tiles(75, 150)],
  [/^computer-use-preview/, tiles(65, 129)],
];
/** gpt-4o, gpt-4.1, gpt-4.5, and any model that nobody has documented. */
const OTHER = tiles(85, 170);

/** What an image whose size is not known counts as: the guide's own example. */
const UNKNOWN_SIZE: ImageSize = { width: 1024, height: 1024 };

const PATCH = 32;
const TILE = 512;
const TILED_SIDE = 2048;
const TILED_SHORT_SIDE = 768;

/** Tokens of one image in a prompt. A size of `null` counts as 1024 × 1024. */
export function imageTokens(model: string, size: ImageSize | null, detail: ImageDetail = "auto"): number {
  const family = FAMILIES.find(([id]) => id.test(model))?.[1] ?? OTHER;
  return family.kind === "patches"
    ? patchTokens(family, size ?? UNKNOWN_SIZE, detail)
    : tileTokens(family, size ?? UNKNOWN_SIZE, detail);
}

function patchTokens(family: Patches, size: ImageSize, detail: ImageDetail): number {
  const asked = detail === "auto" ? (family.auto ?? "high") : detail;
  const budget = asked === "low" ? LOW : asked === "original" ? (family.original ?? family.high) : family.high;
  return Math.ceil(patchCount(fitted(size, budget)) * family.multiplier);
}

/** The size after it was scaled down, its shape kept, until its longest side and its number of patches are within budget. */
function fitted(image: ImageSize, budget: Budget): ImageSize {
  const size = scaled(image, budget.side / Math.max(image.width, image.height));
  if (patchCount(size) <= budget.patches) return size;
  const shrink = Math.sqrt((budget.patches * PATCH ** 2) / (size.width * size.height));
  const across = (size.width * shrink) / PATCH;
  const down = (size.height * shrink) / PATCH;
  // Once more, so that one side is whole patches and the last ones of the other are not cut.
  const whole = Math.min(Math.max(1, Math.floor(across)) / across, Math.max(1, Math.floor(down)) / down);
  return scaled(size, shrink * whole);
}

/** Never scaled up. */
function scaled({ width, height }: ImageSize, factor: number): ImageSize {
  const scale = Math.min(1, factor);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function patchCount({ width, height }: ImageSize): number {
  return Math.ceil(width / PATCH) * Math.ceil(height / PATCH);
}

function tileTokens({ base, tile }: Tiles, image: ImageSize, detail: ImageDetail): number {
  if (detail === "low") return base;
  const inSquare = scaled(image, TILED_SIDE / Math.max(image.width, image.height));
  const { width, height } = scaled(inSquare, TILED_SHORT_SIDE / Math.min(inSquare.width, inSquare.height));
  return base + tile * Math.ceil(width / TILE) * Math.ceil(height / TILE);
}
