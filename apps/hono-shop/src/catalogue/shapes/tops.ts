import { dots, fill, line, type Paint, SHADE, type Shape } from "./paint.ts";

const SLEEVES = "M66 84 L40 162 L66 170 L86 112 Z M174 84 L200 162 L174 170 L154 112 Z";

/** Shoulders, sleeves and a body that ends at `hem`, wider there by `flare`. */
function garment({ main, dark }: Paint, hem = 194, flare = 0, sleeves = true): string {
  const [left, right] = [78 - flare, 162 + flare];
  const body = `M92 64 Q120 78 148 64 L174 84 L160 118 L${right} ${hem} Q120 ${hem + 8} ${left} ${hem} L80 118 L66 84 Z`;
  const half = `M120 72 Q136 70 148 64 L174 84 L160 118 L${right} ${hem} Q141 ${hem + 4} 120 ${hem + 4} Z`;
  return [
    sleeves ? fill(SLEEVES, dark) : "",
    sleeves ? line("M44 150 L70 158 M196 150 L170 158", main, 4) : "",
    fill(body, main),
    fill(half, "#000000", SHADE),
  ].join("");
}

const hood = ({ dark, main }: Paint) =>
  fill("M88 70 Q84 34 120 32 Q156 34 152 70 Q120 92 88 70 Z", dark) +
  fill("M98 68 Q96 46 120 45 Q144 46 142 68 Q120 82 98 68 Z", main) +
  fill("M98 68 Q96 46 120 45 Q144 46 142 68 Q120 82 98 68 Z", "#000000", 'fill-opacity=".28"');
const collar = ({ dark }: Paint) => fill("M92 64 Q92 54 100 50 Q120 60 140 50 Q148 54 148 64 Q120 86 92 64 Z", dark);
const zip = ({ accent }: Paint, from = 76, to = 198) => line(`M120 ${from} V${to}`, accent, 3.5);
const pockets = ({ accent }: Paint, y = 152) => line(`M92 ${y} l12 18 M148 ${y} l-12 18`, accent, 3.5);
const ribs = ({ dark }: Paint, hem = 194) =>
  fill(`M79 ${hem - 12} Q120 ${hem - 4} 161 ${hem - 12} L162 ${hem} Q120 ${hem + 8} 78 ${hem} Z`, dark);

const zigzag = (y: number, colour: string) =>
  line(
    `M82 ${y} ${Array.from({ length: 9 }, (_, i) => `L${86 + i * 8.5} ${y + (i % 2 ? 0 : 9)}`).join(" ")}`,
    colour,
    3,
  );
const row = (y: number) => [88, 101, 114, 126, 139, 152].map((x) => [x, y] as const);

export const tops: Readonly<Record<string, Shape>> = {
  jacket: (p) =>
    garment(p) + collar(p) + zip(p) + pockets(p) + line("M70 96 Q120 112 170 96", p.accent, 2, 'opacity=".7"'),
  parka: (p) =>
    garment(p, 208, 4) +
    hood(p) +
    line("M90 72 Q84 35 120 33 Q156 35 150 72", p.accent, 9) +
    zip(p, 82, 212) +
    fill("M86 152 h24 v24 h-24 Z M130 152 h24 v24 h-24 Z", p.dark) +
    line("M80 134 Q120 142 160 134", p.dark, 3),
  raincoat: (p) =>
    garment(p, 204, 12) +
    hood(p) +
    line("M120 82 V208", p.accent, 2) +
    dots(
      [
        [127, 100],
        [127, 124],
        [127, 148],
        [127, 172],
      ],
      p.accent,
      3.5,
    ) +
    line("M84 158 h20 M136 158 h20", p.accent, 4),
  anorak: (p) =>
    garment(p) +
    hood(p) +
    zip(p, 82, 124) +
    fill("M86 138 H154 L160 176 H80 Z", p.dark) +
    line("M88 140 H152", p.accent, 3.5) +
    line("M112 84 v16 M128 84 v16", p.accent, 2.5),
  vest: (p) =>
    garment(p, 194, 0, false) +
    collar(p) +
    zip(p) +
    [102, 122, 142, 162, 180]
      .map((y) => line(`M${y < 118 ? 74 : 80} ${y} Q120 ${y + 7} ${y < 118 ? 166 : 160} ${y}`, p.dark, 2.5))
      .join("") +
    zip(p),
  fleece: (p) =>
    garment(p) +
    collar(p) +
    fill("M66 84 L92 64 Q120 78 148 64 L174 84 L166 102 Q120 116 74 102 Z", p.accent) +
    collar({ ...p, dark: p.accent }) +
    line("M120 70 V198", p.light, 3.5) +
    line("M134 124 h18", p.accent, 4),
  nordic: (p) =>
    garment(p) +
    ribs(p) +
    fill("M98 62 Q120 78 142 62 L146 68 Q120 88 94 68 Z", p.accent) +
    zigzag(92, p.accent) +
    dots(row(114), p.accent) +
    zigzag(122, p.accent) +
    dots(row(142), p.accent, 2) +
    dots(row(156), p.accent, 2) +
    dots(row(170), p.accent, 2),
  rollneck: (p) =>
    garment({ ...p, dark: p.accent }) +
    ribs({ ...p, dark: p.accent }) +
    `<rect x="98" y="42" width="44" height="32" rx="9" fill="${p.main}"/>` +
    `<rect x="96" y="54" width="48" height="22" rx="9" fill="${p.accent}"/>` +
    [100, 120, 140]
      .map((x) => line(`M${x} 92 q-6 8 0 16 q6 8 0 16 q-6 8 0 16 q6 8 0 16 q-3 6 0 14`, p.accent, 3))
      .join(""),
  cardigan: (p) =>
    garment(p) +
    ribs(p) +
    fill("M97 62 L120 128 L143 62 Q120 78 97 62 Z", p.accent) +
    line("M95 64 L120 130 V196 M145 64 L120 130", p.dark, 6) +
    dots(
      [
        [120, 142],
        [120, 162],
        [120, 182],
      ],
      p.accent,
      4,
    ) +
    line("M88 158 h18 M134 158 h18", p.dark, 4),
  shirt: (p) =>
    garment(p) +
    line("M98 66 Q120 88 142 66", p.accent, 5) +
    line("M80 118 L70 92 M160 118 L170 92", p.accent, 2) +
    line("M90 186 h14", p.accent, 4),
};
