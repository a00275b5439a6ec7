import { dots, fill, line, SHADE, type Shape } from "./paint.ts";

export const gear: Readonly<Record<string, Shape>> = {
  backpack: (p) =>
    line("M96 60 Q98 40 120 40 Q142 40 144 60", p.dark, 7) +
    line("M70 92 Q52 120 62 176 M170 92 Q188 120 178 176", p.dark, 9) +
    `<rect x="68" y="54" width="104" height="142" rx="30" fill="${p.main}"/>` +
    fill("M120 54 h22 q30 0 30 30 v82 q0 30 -30 30 h-22 Z", "#000000", SHADE) +
    fill("M68 96 V84 Q68 54 98 54 H142 Q172 54 172 84 V96 Q120 124 68 96 Z", p.dark) +
    `<rect x="82" y="132" width="76" height="52" rx="14" fill="${p.dark}"/>` +
    line("M94 146 H146", p.accent, 4) +
    line("M104 100 V132 M136 100 V132", p.accent, 5),
  duffel: (p) =>
    line("M84 120 Q84 70 120 70 Q156 70 156 120", p.accent, 7) +
    `<rect x="34" y="104" width="172" height="88" rx="36" fill="${p.main}"/>` +
    fill(
      "M170 104 q36 0 36 36 v16 q0 36 -36 36 q-16 -44 0 -88 Z M70 104 q-36 0 -36 36 v16 q0 36 36 36 q16 -44 0 -88 Z",
      p.dark,
    ) +
    line("M84 116 V190 M156 116 V190", p.accent, 7) +
    line("M78 116 H162", p.light, 3, 'stroke-dasharray="6 5"'),
  tote: (p) =>
    line("M90 96 Q88 46 110 46 M150 96 Q152 46 130 46 M110 46 H130", p.accent, 8) +
    fill("M66 88 H174 L182 192 Q120 200 58 192 Z", p.main) +
    fill("M120 88 H174 L182 192 Q151 196 120 196 Z", "#000000", 'fill-opacity=".06"') +
    fill("M62 146 H178 L182 192 Q120 200 58 192 Z", p.accent) +
    line("M90 88 v22 M150 88 v22", p.accent, 8),
  hipbag: (p) =>
    line("M40 108 Q120 62 200 108", p.dark, 11) +
    line("M40 108 Q52 152 74 158 M200 108 Q188 152 166 158", p.dark, 11) +
    fill("M62 108 Q120 92 178 108 Q188 176 150 184 H90 Q52 176 62 108 Z", p.main) +
    line("M74 122 Q120 110 166 122", p.accent, 5) +
    fill("M80 142 Q120 132 160 142 Q160 174 142 174 H98 Q80 174 80 142 Z", p.dark) +
    line("M166 122 v14", p.accent, 5),
  tent: (p) =>
    fill("M26 190 L112 72 L214 190 Z", p.main) +
    fill("M112 72 L214 190 H150 Z", p.dark) +
    fill("M112 72 L150 190 H84 Z", p.accent) +
    fill("M112 72 L118 190 H84 Z", p.dark, 'fill-opacity=".8"') +
    line("M112 72 L108 60 M112 72 L120 62", p.dark, 4) +
    line("M26 190 L14 196 M214 190 L228 196", p.dark, 3) +
    line("M54 152 L84 190", p.accent, 3, 'opacity=".6"'),
  sleepingbag: (p) =>
    fill("M74 74 Q74 36 120 36 Q166 36 166 74 L152 180 Q148 200 120 200 Q92 200 88 180 Z", p.main) +
    fill("M120 36 Q166 36 166 74 L152 180 Q148 200 120 200 Z", "#000000", SHADE) +
    `<ellipse cx="120" cy="74" rx="32" ry="26" fill="${p.accent}"/>` +
    `<ellipse cx="120" cy="80" rx="24" ry="18" fill="${p.dark}"/>` +
    [112, 130, 148, 166, 184]
      .map((y, i) => line(`M${81 + i * 2.4} ${y} Q120 ${y + 8} ${159 - i * 2.4} ${y}`, p.dark, 2.5))
      .join("") +
    line("M146 98 L140 194", p.accent, 3.5),
  kettle: (p) =>
    line("M74 112 Q70 46 120 46 Q170 46 166 112", p.dark, 7) +
    fill("M156 132 L204 104 L210 112 L168 168 Z", p.dark) +
    fill("M66 116 Q120 96 174 116 Q190 158 170 194 H70 Q50 158 66 116 Z", p.main) +
    fill("M120 106 Q148 106 174 116 Q190 158 170 194 H120 Z", "#000000", SHADE) +
    fill("M82 112 Q120 92 158 112 Q120 124 82 112 Z", p.dark) +
    dots([[120, 96]], p.accent, 8) +
    dots(
      [
        [84, 140],
        [104, 158],
        [80, 172],
        [128, 142],
        [148, 168],
        [116, 180],
      ],
      p.accent,
      2.5,
    ),
  flask: (p) =>
    `<rect x="88" y="78" width="64" height="120" rx="14" fill="${p.main}"/><rect x="96" y="38" width="48" height="42" rx="9" fill="${p.accent}"/>` +
    fill("M120 78 h18 q14 0 14 14 v92 q0 14 -14 14 h-18 Z", "#000000", SHADE) +
    `<rect x="88" y="84" width="64" height="10" fill="${p.dark}"/><rect x="88" y="170" width="64" height="8" fill="${p.accent}"/>` +
    line("M100 104 V160", p.light, 5, 'opacity=".7"') +
    line("M100 52 H140", p.dark, 2.5, 'opacity=".5"'),
  mug: (p) =>
    line("M160 108 Q196 104 194 136 Q192 164 158 162", p.accent, 10) +
    fill("M66 86 H166 L160 184 Q158 196 146 196 H86 Q74 196 72 184 Z", p.main) +
    fill("M120 86 H166 L160 184 Q158 196 146 196 H120 Z", "#000000", 'fill-opacity=".06"') +
    `<ellipse cx="116" cy="86" rx="50" ry="10" fill="${p.dark}"/>` +
    line("M66 86 a50 10 0 1 0 100 0 a50 10 0 1 0 -100 0", p.accent, 5) +
    fill("M86 160 L108 124 L120 142 L130 128 L150 160 Z", p.accent) +
    line("M100 66 q-6 -8 0 -16 q6 -8 0 -16 M124 66 q-6 -8 0 -16 q6 -8 0 -16", p.accent, 3, 'opacity=".45"'),
  lantern: (p) =>
    line("M86 88 Q84 36 120 36 Q156 36 154 88", p.dark, 5) +
    `<circle cx="120" cy="132" r="58" fill="${p.light}" opacity=".45"/>` +
    `<rect x="86" y="94" width="68" height="78" rx="10" fill="#fff3c9"/><rect x="106" y="108" width="28" height="56" rx="14" fill="${p.main}" opacity=".75"/><rect x="113" y="124" width="14" height="34" rx="7" fill="#fff8e0"/>` +
    line("M92 96 V172 M148 96 V172", p.accent, 5) +
    fill("M80 78 H160 L154 98 H86 Z M78 170 H162 V188 Q162 196 154 196 H86 Q78 196 78 188 Z", p.accent) +
    line("M88 184 h20", p.main, 4),
  headlamp: (p) =>
    line("M44 116 Q120 40 196 116", p.dark, 12) +
    line("M44 116 Q48 168 86 160 M196 116 Q192 168 154 160", p.dark, 12) +
    line("M120 78 V112", p.main, 10) +
    `<rect x="78" y="104" width="84" height="66" rx="20" fill="${p.accent}"/><circle cx="108" cy="137" r="23" fill="${p.main}"/><circle cx="108" cy="137" r="16" fill="#fff3c9"/><circle cx="108" cy="137" r="8" fill="#ffffff"/>` +
    dots([[145, 126]], p.main, 6) +
    dots([[145, 147]], "#fff3c9", 5),
  knife: (p) =>
    `<g transform="rotate(-32 120 130)">` +
    fill("M112 118 L206 110 Q224 112 214 128 Q206 138 112 138 Z", p.accent) +
    line("M122 122 L204 116", "#ffffff", 2.5, 'opacity=".8"') +
    `<rect x="22" y="112" width="104" height="34" rx="16" fill="${p.main}"/><rect x="106" y="112" width="20" height="34" rx="6" fill="${p.dark}"/>` +
    line("M38 122 Q66 118 98 124 M40 134 Q70 138 96 132", p.dark, 2) +
    dots([[116, 129]], p.accent, 4) +
    "</g>",
  skillet: (p) =>
    `<g transform="rotate(-28 120 130)">` +
    `<rect x="150" y="117" width="84" height="20" rx="10" fill="${p.accent}"/>` +
    fill("M146 115 h30 v24 h-30 Z", p.main) +
    `<circle cx="98" cy="127" r="66" fill="${p.main}"/><circle cx="98" cy="127" r="54" fill="${p.light}" opacity=".5"/><circle cx="98" cy="127" r="53" fill="${p.dark}"/>` +
    dots([[222, 127]], p.main, 4) +
    "</g>" +
    fill("M84 106 Q118 92 134 118 Q142 150 110 158 Q74 160 70 134 Q70 116 84 106 Z", "#fbf6ea") +
    `<circle cx="106" cy="128" r="15" fill="#eeb03c"/>`,
};
