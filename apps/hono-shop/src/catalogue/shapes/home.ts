import { dots, fill, line, SHADE, type Shape } from "./paint.ts";

const stripes = (ys: readonly number[], from: number, to: number, colour: string, width: number) =>
  ys.map((y) => `<rect x="${from}" y="${y}" width="${to - from}" height="${width}" fill="${colour}"/>`).join("");

export const home: Readonly<Record<string, Shape>> = {
  towel: (p) =>
    line("M40 60 H200", p.dark, 8) +
    `<rect x="68" y="56" width="104" height="136" rx="6" fill="${p.main}"/>` +
    fill("M126 56 h40 q6 0 6 6 v120 h-46 Z", "#000000", SHADE) +
    stripes([150, 162, 174], 68, 172, p.accent, 6) +
    stripes([92], 68, 172, p.accent, 4) +
    line(Array.from({ length: 11 }, (_, i) => `M${72 + i * 9.7} 193 v10`).join(" "), p.main, 3.5),
  blanket: (p) =>
    `<rect x="46" y="140" width="148" height="52" rx="18" fill="${p.dark}"/><rect x="46" y="108" width="148" height="46" rx="18" fill="${p.main}"/><rect x="46" y="74" width="148" height="46" rx="18" fill="${p.main}"/>` +
    line("M50 116 Q120 126 190 116 M50 150 Q120 160 190 150", p.dark, 3) +
    [78, 98, 150, 164]
      .map((x) => line(`M${x} 76 V190`, p.accent, x === 98 || x === 150 ? 9 : 4, 'opacity=".85"'))
      .join("") +
    line(Array.from({ length: 9 }, (_, i) => `M${62 + i * 14.5} 192 v11`).join(" "), p.accent, 3.5),
  candle: (p) =>
    `<circle cx="120" cy="66" r="40" fill="#f7d58a" opacity=".4"/>` +
    fill("M120 40 Q138 64 128 80 Q120 88 112 80 Q102 64 120 40 Z", "#eda53b") +
    fill("M120 58 Q127 70 123 79 Q120 82 117 79 Q113 70 120 58 Z", "#fff3c9") +
    line("M120 82 V98", "#3a3126", 3) +
    `<rect x="80" y="96" width="80" height="100" rx="8" fill="${p.main}"/>` +
    fill("M120 96 h32 q8 0 8 8 v84 q0 8 -8 8 h-32 Z", "#000000", 'fill-opacity=".06"') +
    fill("M80 102 q0 -6 8 -6 h64 q8 0 8 6 v10 q-10 8 -16 -2 q-8 16 -18 2 q-12 10 -20 0 q-14 14 -26 -2 Z", p.light) +
    `<rect x="80" y="134" width="80" height="44" fill="${p.accent}"/>` +
    line("M120 140 V172 M120 150 l-9 8 M120 150 l9 8 M120 160 l-10 8 M120 160 l10 8", p.main, 3),
  tin: (p) =>
    `<rect x="72" y="84" width="96" height="112" rx="8" fill="${p.main}"/><rect x="68" y="58" width="104" height="32" rx="8" fill="${p.dark}"/>` +
    fill("M130 84 h38 v104 q0 8 -8 8 h-30 Z", "#000000", SHADE) +
    `<rect x="84" y="112" width="72" height="60" rx="4" fill="${p.accent}"/>` +
    line("M94 150 q9 -10 18 0 t18 0 t16 0 M94 162 q9 -10 18 0 t18 0 t16 0", p.main, 3) +
    fill("M110 140 L122 118 V140 Z M126 140 V124 L136 140 Z", p.main),
  bag: (p) =>
    fill("M76 70 L164 70 L174 184 Q174 196 162 196 H78 Q66 196 66 184 Z", p.main) +
    fill("M78 48 H162 L164 76 H76 Z", p.dark) +
    fill("M128 70 H164 L174 184 Q174 196 162 196 H128 Z", "#000000", 'fill-opacity=".16"') +
    line("M76 72 H164", p.accent, 4) +
    `<circle cx="120" cy="134" r="32" fill="${p.accent}"/>` +
    `<g transform="rotate(28 120 134)"><ellipse cx="120" cy="134" rx="13" ry="19" fill="${p.main}"/>` +
    line("M120 117 q-7 9 0 17 q7 9 0 17", p.accent, 3) +
    "</g>",
  notebook: (p) =>
    `<g transform="rotate(-7 120 124)"><rect x="74" y="50" width="102" height="146" rx="6" fill="#f7f2e6"/><rect x="68" y="48" width="102" height="146" rx="6" fill="${p.main}"/>` +
    fill("M68 54 q0 -6 6 -6 h12 v146 h-12 q-6 0 -6 -6 Z", p.dark) +
    `<rect x="100" y="78" width="54" height="30" rx="3" fill="${p.accent}"/>` +
    line("M108 90 H146 M108 98 H134", p.main, 2.5) +
    line("M156 48 V194", p.dark, 4) +
    "</g>" +
    `<g transform="rotate(16 190 130)">` +
    `<rect x="185.5" y="84" width="9" height="92" fill="${p.accent}"/>` +
    fill("M185.5 84 L190 70 L194.5 84 Z", "#3a3126") +
    "</g>",
  soap: (p) =>
    `<rect x="48" y="112" width="144" height="76" rx="30" fill="${p.dark}"/><rect x="48" y="100" width="144" height="76" rx="30" fill="${p.main}"/><rect x="64" y="112" width="112" height="50" rx="20" fill="none" stroke="${p.light}" stroke-width="3"/>` +
    line("M92 142 q9 -12 18 0 t18 0 t18 0", p.accent, 4.5) +
    line("M98 128 q9 -12 18 0 t18 0", p.accent, 4.5) +
    dots([[84, 78]], p.light, 13) +
    dots([[112, 60]], p.light, 8) +
    dots([[142, 80]], p.light, 9) +
    dots([[166, 58]], p.light, 5) +
    line("M78 74 q3 -5 8 -5 M138 77 q2 -3 5 -3", "#ffffff", 2.5),
};
