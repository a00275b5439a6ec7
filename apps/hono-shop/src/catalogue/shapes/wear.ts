import { dots, fill, line, SHADE, type Shape } from "./paint.ts";

const pair = (one: string, dx: number) =>
  `<g transform="translate(${-dx} 0)">${one}</g><g transform="translate(${dx} 6)">${one}</g>`;

export const wear: Readonly<Record<string, Shape>> = {
  beanie: (p) =>
    fill("M62 152 Q60 74 120 70 Q180 74 178 152 Z", p.main) +
    [84, 102, 120, 138, 156]
      .map((x) => line(`M${120 + (x - 120) * 0.35} 78 Q${x} 110 ${x} 146`, p.dark, 2.5))
      .join("") +
    fill("M120 70 Q180 74 178 152 H120 Z", "#000000", SHADE) +
    `<rect x="54" y="142" width="132" height="36" rx="12" fill="${p.dark}"/>` +
    Array.from({ length: 11 }, (_, i) => line(`M${66 + i * 10.8} 150 v20`, p.main, 3)).join("") +
    dots([[120, 60]], p.accent, 18) +
    dots(
      [
        [112, 54],
        [126, 52],
        [120, 66],
        [130, 64],
      ],
      p.dark,
      2,
    ),
  scarf: (p) =>
    fill("M76 66 Q120 40 164 66 L172 100 Q120 130 68 100 Z", p.dark) +
    fill("M92 90 L128 96 L120 200 L80 196 Z", p.main) +
    fill("M150 84 L170 96 L160 180 L124 176 L132 100 Z", p.main) +
    fill("M66 78 Q120 118 174 78 L176 104 Q120 140 64 104 Z", p.main) +
    line("M86 150 l36 4 M84 166 l37 4 M129 138 l34 4 M127 152 l35 4", p.accent, 6) +
    line(
      "M84 198 l-1 12 M94 199 v12 M104 200 v12 M114 201 v12 M128 178 v12 M138 180 v12 M148 181 v12 M157 182 v12",
      p.main,
      3.5,
    ),
  mittens: (p) => {
    const one =
      fill("M96 168 V104 Q98 62 122 60 Q146 62 146 104 V168 Z", p.main) +
      fill("M146 124 Q168 96 172 114 Q172 138 146 150 Z", p.dark) +
      fill("M92 160 h58 v32 q-29 8 -58 0 Z", p.accent) +
      line("M106 92 l15 12 l15 -12 M106 108 l15 12 l15 -12 M106 124 l15 12 l15 -12", p.accent, 3.5) +
      line("M104 168 v20 M116 170 v20 M128 170 v20 M140 168 v20", p.main, 2);
    return `<g transform="translate(-26 0) rotate(-6 120 120)">${one}</g><g transform="translate(30 6) rotate(8 120 120) scale(.96)">${one}</g>`;
  },
  gloves: (p) => {
    const one =
      line("M104 128 V74 M118 120 V62 M132 120 V66 M145 128 V84", p.main, 13) +
      line("M150 146 Q166 130 168 116", p.main, 14) +
      fill("M97 118 H152 Q158 150 148 172 H100 Q94 146 97 118 Z", p.main) +
      fill("M94 168 H154 V198 Q124 204 94 198 Z", p.dark) +
      line("M102 140 Q124 148 146 140", p.dark, 2.5) +
      line("M98 184 H150", p.accent, 2.5, 'stroke-dasharray="5 5"');
    return `<g transform="translate(-34 0) rotate(-7 120 120)">${one}</g><g transform="translate(26 6) rotate(7 120 120)">${one}</g>`;
  },
  socks: (p) => {
    const one =
      fill("M86 56 H126 V132 L166 158 Q176 176 160 188 Q148 194 134 186 L94 158 Q86 150 86 138 Z", p.main) +
      fill("M148 146 L166 158 Q176 176 160 188 Q150 193 140 189 Q136 166 148 146 Z", p.accent) +
      fill("M86 126 Q104 124 112 146 Q108 162 100 162 L94 158 Q86 150 86 138 Z", p.accent) +
      fill("M84 50 H128 V72 H84 Z", p.dark) +
      line("M88 84 H124 M88 94 H124", p.accent, 4);
    return pair(one, 22);
  },
  sunhat: (p) =>
    `<ellipse cx="120" cy="152" rx="92" ry="26" fill="${p.dark}"/><ellipse cx="120" cy="147" rx="92" ry="24" fill="${p.main}"/>` +
    fill("M74 146 Q72 84 120 82 Q168 84 166 146 Q120 160 74 146 Z", p.main) +
    fill("M120 82 Q168 84 166 146 Q144 153 120 153 Z", "#000000", SHADE) +
    fill("M74 126 Q120 142 166 126 V146 Q120 160 74 146 Z", p.accent) +
    line("M84 106 Q120 118 156 106 M92 94 Q120 102 148 94", p.dark, 2) +
    line("M40 146 Q60 164 120 167 M200 146 Q180 164 120 167", p.dark, 2),
  boots: (p) =>
    fill("M78 58 H132 L134 126 Q168 132 186 156 L188 182 H80 Q74 120 78 58 Z", p.main) +
    fill("M78 58 H132 L132 78 H78 Z", p.dark) +
    fill("M76 180 H190 V196 Q184 202 176 196 H160 L154 200 H92 Q76 202 76 192 Z", p.dark) +
    fill("M150 134 Q178 142 186 162 L187 180 H156 Q160 152 150 134 Z", p.dark) +
    line("M112 88 l24 4 M112 102 l26 4 M114 116 l28 6 M122 130 l30 4", p.accent, 4.5) +
    line("M78 92 Q92 98 92 122 T82 176", p.dark, 2.5),
  runners: (p) =>
    fill("M46 120 Q58 112 74 122 Q92 134 116 104 Q150 142 188 148 Q204 152 202 174 H44 Q38 144 46 120 Z", p.main) +
    fill("M42 170 H204 Q206 190 190 192 H60 Q42 192 42 170 Z", p.accent) +
    fill("M160 142 Q204 146 202 170 H150 Q166 158 160 142 Z", p.dark) +
    line("M104 122 l14 12 M116 112 l18 14 M90 132 l12 10", p.light, 4.5) +
    line("M62 134 Q84 164 138 166", p.accent, 5) +
    line("M60 192 v6 M80 192 v6 M100 192 v6 M120 192 v6 M140 192 v6 M160 192 v6 M180 191 v6", p.dark, 6),
  wellies: (p) =>
    fill("M84 44 H138 L138 138 Q176 142 184 172 V184 H84 Q78 110 84 44 Z", p.main) +
    fill("M84 44 H138 V64 H84 Z", p.accent) +
    fill("M138 138 Q176 142 184 172 H142 Q146 152 138 138 Z", p.dark) +
    fill("M80 182 H188 V194 Q186 198 178 198 H92 Q80 198 80 190 Z", p.dark) +
    line("M94 76 Q90 120 96 172", p.light, 5, 'opacity=".6"') +
    line("M84 148 Q104 156 112 178", p.dark, 2.5),
  slippers: (p) => {
    const one =
      fill("M92 92 Q92 52 120 52 Q150 52 150 96 L144 168 Q142 194 120 194 Q98 194 96 168 Z", p.dark) +
      fill("M100 128 H142 L138 166 Q136 186 120 186 Q104 186 103 166 Z", p.light) +
      fill("M90 94 Q88 50 120 50 Q152 50 151 94 L147 134 Q120 118 94 134 Z", p.main) +
      line("M94 134 Q120 118 147 134", p.accent, 6) +
      dots([[120, 84]], p.accent, 8);
    return `<g transform="translate(-32 2) rotate(-8 120 120)">${one}</g><g transform="translate(32 2) rotate(8 120 120)">${one}</g>`;
  },
};
