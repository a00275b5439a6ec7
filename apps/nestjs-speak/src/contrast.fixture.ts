import type { Page } from "playwright-core";

/** Texts whose contrast is below WCAG AA's 4.5, with the contrast they have. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // `rgb(12 34 56 / 50%)` counts to 255, `color(srgb 0.1 0.2 0.3 / 0.5)`, which color-mix() makes, to 1.
    const parse = (color: string) => {
      const [r = 0, g = 0, b = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
      const scale = color.startsWith("color(") ? 1 : 255;
      return { alpha, parts: [r / scale, g / scale, b / scale] };
    };
    const luminance = (parts: number[]) => {
      const [r = 0, g = 0, b = 0] = parts.map((value) =>
        value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (node: Element | null): number[] => {
      if (!node) return [1, 1, 1];
      const { alpha, parts } = parse(getComputedStyle(node).backgroundColor);
      return alpha === 0 ? background(node.parentElement) : parts;
    };
    const faint: string[] = [];
    for (const node of document.querySelectorAll<HTMLElement>("body *")) {
      const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent?.trim());
      if (!hasText || !node.checkVisibility() || node.matches(":disabled, .unseen, noscript, template")) continue;
      const [one, two] = [luminance(parse(getComputedStyle(node).color).parts), luminance(background(node))];
      const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (contrast < 4.5) faint.push(`${node.textContent?.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });
}
