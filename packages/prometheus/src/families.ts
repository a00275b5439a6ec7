/** Metrics in Prometheus' text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
interface Family {
  /** Its lines, without the one that ends the last of them. */
  lines(): string[];
}

export interface Counter extends Family {
  add(labels: string, amount: number): void;
}

export interface Histogram extends Family {
  observe(labels: string, value: number): void;
}

/** What must be escaped in a label: nearly no value has any of it, and every call asks for some labels. */
const SPECIAL = /["\\\n]/;

/** `labelsOf({ model: 'a"b' })` → `model="a\"b"`: what a series is known by. */
export function labelsOf(labels: Readonly<Record<string, string | number>>): string {
  let text = "";
  for (const name of Object.keys(labels)) {
    const value = String(labels[name]);
    const safe = SPECIAL.test(value) ? escaped(value).replaceAll('"', '\\"') : value;
    text += `${text === "" ? "" : ","}${name}="${safe}"`;
  }
  return text;
}

/** Counts up, or up and down where it is a gauge. */
export function createCounter(name: string, help: string, type: "counter" | "gauge" = "counter", unit = 1): Counter {
  const series = new Map<string, number>();
  return {
    add: (labels, amount) => void series.set(labels, (series.get(labels) ?? 0) + amount),
    lines: () => [
      ...headOf(name, help, type),
      ...[...series].map(([labels, value]) => lineOf(name, labels, value / unit)),
    ],
  };
}

interface Distribution {
  /** By bucket, each with those of the smaller ones; the last is for all. */
  readonly counts: number[];
  sum: number;
}

export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const series = new Map<string, Distribution>();

  function distributionOf(labels: string): Distribution {
    const known = series.get(labels);
    if (known) return known;
    const made = { counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
    series.set(labels, made);
    return made;
  }

  return {
    observe(labels, value) {
      const distribution = distributionOf(labels);
      let bucket = bounds.length;
      while (bucket > 0 && value <= (bounds[bucket - 1] as number)) bucket -= 1;
      for (let i = bucket; i <= bounds.length; i += 1) distribution.counts[i] = (distribution.counts[i] as number) + 1;
      distribution.sum += value;
    },
    lines: () => [
      ...headOf(name, help, "histogram"),
      ...[...series].flatMap(([labels, { counts, sum }]) => [
        ...counts.map((count, i) => lineOf(`${name}_bucket`, withBound(labels, bounds[i]), count)),
        lineOf(`${name}_sum`, labels, sum),
        lineOf(`${name}_count`, labels, counts.at(-1) as number),
      ]),
    ],
  };
}

/** One value that is asked for when it is read; nothing where that is null. */
export function gaugeLines(name: string, help: string, value: number | null): string[] {
  return value === null ? [] : [...headOf(name, help, "gauge"), lineOf(name, "", value)];
}

function withBound(labels: string, bound: number | undefined): string {
  const le = `le="${bound ?? "+Inf"}"`;
  return labels === "" ? le : `${labels},${le}`;
}

function headOf(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`];
}

function lineOf(name: string, labels: string, value: number): string {
  return `${name}${labels === "" ? "" : `{${labels}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
