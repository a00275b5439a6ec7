import type { Product } from "./products.ts";
import { gear } from "./shapes/gear.ts";
import { home } from "./shapes/home.ts";
import { mix, type Paint, type Shape } from "./shapes/paint.ts";
import { tops } from "./shapes/tops.ts";
import { wear } from "./shapes/wear.ts";

const shapes: Readonly<Record<string, Shape>> = { ...tops, ...wear, ...gear, ...home };

/** What there is behind a thing; which, its id decides. */
const scenes: readonly ((far: string, near: string) => string)[] = [
  (far, near) =>
    `<circle cx="120" cy="124" r="88" fill="${far}"/><path d="M0 206 Q120 190 240 206 V240 H0 Z" fill="${near}"/>`,
  (far, near) =>
    `<circle cx="176" cy="70" r="42" fill="${far}"/><path d="M0 200 Q70 150 150 196 T240 184 V240 H0 Z" fill="${near}"/>`,
  (far, near) =>
    `<path d="M0 190 L66 104 L112 160 L160 88 L240 190 V240 H0 Z" fill="${far}"/><path d="M0 204 H240 V240 H0 Z" fill="${near}"/>`,
  (far, near) =>
    `<path d="M32 240 V120 Q32 32 120 32 Q208 32 208 120 V240 Z" fill="${far}"/><path d="M0 206 H240 V240 H0 Z" fill="${near}"/>`,
];

const PAPER = "#f2eee4";

/** A picture of the product, drawn from its shape and colours: the text of an SVG file. */
export function drawPicture({ id, picture }: Product): string {
  const [main = "#57636b", accent = "#e0a24a"] = picture.colours;
  const paint: Paint = { main, accent, dark: mix(main, "#000000", 0.28), light: mix(main, "#ffffff", 0.35) };
  const ground = mix(mix(main, accent, 0.35), PAPER, 0.78);
  const scene = scenes[sum(id) % scenes.length]?.(mix(ground, "#ffffff", 0.5), mix(ground, paint.dark, 0.12));
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">',
    `<rect width="240" height="240" fill="${ground}"/>${scene}`,
    '<ellipse cx="120" cy="206" rx="76" ry="8" fill="#000000" opacity=".1"/>',
    shapes[picture.shape]?.(paint),
    "</svg>",
  ].join("");
}

function sum(text: string): number {
  return [...text].reduce((total, letter) => total * 7 + letter.charCodeAt(0), 0) % 1_000_003;
}
