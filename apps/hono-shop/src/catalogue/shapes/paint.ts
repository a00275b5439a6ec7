/** The colours that a shape is drawn in, as `#rrggbb`. */
export interface Paint {
  readonly main: string;
  readonly accent: string;
  /** The main colour in the shade. */
  readonly dark: string;
  /** The main colour in the light. */
  readonly light: string;
}

/** Draws a thing as SVG elements, in a square of 240, standing on y = 196. */
export type Shape = (paint: Paint) => string;

/** A colour on its way to another: `part` 0 is the first, 1 the second. */
export function mix(from: string, to: string, part: number): string {
  const channel = (at: number) => {
    const [one, other] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(one + (other - one) * part)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export function fill(d: string, colour: string, more = ""): string {
  return `<path d="${d}" fill="${colour}" ${more}/>`;
}

export function line(d: string, colour: string, width = 3, more = ""): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
}

export function dots(points: readonly (readonly [x: number, y: number])[], colour: string, radius = 3): string {
  return points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`).join("");
}

/** The shade that lies on the right side of things. */
export const SHADE = 'fill-opacity=".1"';
