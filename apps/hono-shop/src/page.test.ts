import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { type Shop, startShop } from "./shop.fixture.ts";

const PICTURES = fileURLToPath(new URL("../../../.artifacts/", import.meta.url));
const DESKTOP = { width: 1360, height: 860 };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

if (!chromiumPath) {
  const words = "No Chromium is installed (CHROMIUM_PATH says where it is): the shop's page is not tested.";
  if (process.env.CI === "true") throw new Error(words);
  console.warn(words);
}

describe.skipIf(!chromiumPath)("the shop's page", { timeout: 120_000 }, () => {
  let browser: Browser;
  let shop: Shop;
  /** What the browser complained of: nothing, unless a test expects it. */
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    shop = await startShop();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await shop.close();
    expect(complaints).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.setDefaultTimeout(60_000);
    await page.goto(shop.url);
    await page.locator("body[data-view=shop]").waitFor();
    return page;
  }

  const message = (page: Page) => page.getByRole("textbox", { name: "Message to the assistant" });
  const turn = (page: Page, index: number) => page.locator(".turn").nth(index);
  const names = (page: Page) => page.locator(".product h2").allTextContents();
  const add = (page: Page, name: string) =>
    page.locator(".product").getByRole("button", { name: `Add ${name} to the basket` });
  const lines = (page: Page) =>
    page.locator(".line").evaluateAll((rows) => rows.map((row) => row.textContent?.replace(/\s+/g, " ").trim()));

  /** Asks, and waits until the answer is there. */
  async function ask(page: Page, text: string): Promise<void> {
    const index = await page.locator(".turn").count();
    await message(page).fill(text);
    await message(page).press("Enter");
    await page.locator(".turn:not(.streaming)").nth(index).waitFor();
  }

  async function search(page: Page, words: string): Promise<void> {
    await page.getByRole("searchbox").fill(words);
    await page.getByText(`near “${words}”, best first`).waitFor();
    await page.waitForFunction(() => !document.querySelector(".products[aria-busy]"));
  }

  test("searches by meaning while one types, and shows a category", async () => {
    const page = await open({ reducedMotion: "no-preference" });
    expect(await names(page)).toHaveLength(40);
    const broken = await page.evaluate(async () => {
      const pictures = [...document.querySelectorAll<HTMLImageElement>(".product img")];
      for (const picture of pictures) picture.loading = "eager";
      const decoded = await Promise.allSettled(pictures.map((picture) => picture.decode()));
      return pictures.filter((_, index) => decoded[index]?.status === "rejected").map(({ src }) => src);
    });
    expect(broken).toEqual([]);
    await search(page, "tea over the campfire");
    await page.waitForFunction(() => document.querySelector(".product h2")?.textContent === "Heather Camp Kettle");
    expect((await names(page)).length).toBeLessThan(9);
    await page.getByRole("searchbox").fill("");
    await page.getByText("40 things").waitFor();
    await page.getByRole("button", { name: "Knitwear" }).click();
    await page.getByText("4 in Knitwear").waitFor();
    expect(await page.getByRole("button", { name: "Knitwear" }).getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: "always cold hands" }).click();
    await page.locator(".product", { hasText: "Alder Mittens" }).waitFor();
    expect(await page.getByRole("searchbox").inputValue()).toBe("always cold hands");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("products");
  });

  test("the assistant's answer streams with its steps, and cards where it names products", async () => {
    const page = await open();
    await ask(page, "Show me something warm for winter");
    expect(await turn(page, 0).locator(".step").allTextContents()).toEqual(["Looked for “something warm for winter”"]);
    const items = turn(page, 0).locator(".text li", { has: page.locator(".card") });
    expect(await items.first().locator("> span").textContent()).toContain("Fjord Jacket");
    expect(await items.first().locator(".card-name").textContent()).toBe("Fjord Jacket");
    expect(await page.getByRole("status").last().textContent()).toContain("one of them should go in your basket");
    await turn(page, 0).getByRole("button", { name: "Add Fjord Jacket to the basket" }).click();
    await page.locator(".line").waitFor();
    expect(await lines(page)).toEqual(["Fjord Jacket 1 €289.00"]);
  });

  test("the basket changes with what the assistant does, and with what the person does", async () => {
    const page = await open();
    await ask(page, "Is the Fjord jacket in stock?");
    await ask(page, "Add two of them to my basket");
    expect(await lines(page)).toEqual(["Fjord Jacket 2 €578.00"]);
    await add(page, "Lund Sweater").click();
    await page.locator(".line").nth(1).waitFor();
    expect(await page.locator("#total").textContent()).toBe("€727.00");
    await page.getByRole("button", { name: "One Fjord Jacket less" }).click();
    await page.getByText("€438.00").waitFor();
    expect(await page.locator("#status").textContent()).toBe("1 × Fjord Jacket. 2 things.");
    await ask(page, "Remove the sweater");
    expect(await lines(page)).toEqual(["Fjord Jacket 1 €289.00"]);
    await page.reload();
    await page.locator(".line").waitFor();
    expect(await lines(page)).toEqual(["Fjord Jacket 1 €289.00"]);
    expect(await page.locator(".turn").count()).toBe(3);
    expect(await turn(page, 1).locator(".step").allTextContents()).toEqual(["Put 2 × Fjord Jacket in the basket"]);
  });

  test("says why the basket does not take more", async () => {
    const page = await open();
    await add(page, "Tidal Wellies").click();
    await page.getByRole("button", { name: "One Tidal Wellies more" }).click();
    await page.getByRole("alert").getByText("There are only 1 of the Tidal Wellies.").waitFor();
    expect(await lines(page)).toEqual(["Tidal Wellies 1 €89.00"]);
    await expect.poll(() => complaints).toEqual([expect.stringContaining("400")]);
    complaints = [];
    expect(await add(page, "Moraine Parka").count()).toBe(0);
  });

  test("stops mid-answer, with Escape too: the model stops, and what was said stays", async () => {
    shop.script({ text: "one two three four five six ".repeat(100), tokensPerSecond: 20 });
    const page = await open();
    await message(page).fill("Count");
    await message(page).press("Enter");
    await turn(page, 0).getByText("three").waitFor();
    expect(await page.getByRole("button", { name: "Send" }).isVisible()).toBe(false);
    await page.keyboard.press("Escape");
    await shop.abortSeen;
    await turn(page, 0).getByText("Stopped").waitFor();
    await page.reload();
    await turn(page, 0).getByText("Stopped").waitFor();
    expect(await turn(page, 0).locator(".text").textContent()).toMatch(/^one two three/);
  });

  test("shows what went wrong in place, and Retry asks again", async () => {
    shop.script({ error: 400 }, "Now it works.");
    const page = await open();
    await ask(page, "Try this");
    const alert = turn(page, 0).getByRole("alert");
    await alert.getByText("did not accept").waitFor();
    await alert.getByRole("button", { name: "Retry" }).click();
    await turn(page, 0).getByText("Now it works.").waitFor();
    expect(await page.locator(".turn").count()).toBe(1);
  });

  test("shows model text as text, never as HTML", async () => {
    shop.script(
      "Some **bold** <img src=x onerror=alert(1)>\n\n1. <b>one</b>\n2. two\n\n# End <script>alert(1)</script>",
    );
    const page = await open();
    await ask(page, "Show me <i>this</i>");
    const text = turn(page, 0).locator(".text");
    expect(await text.evaluate((box) => [...box.children].map((node) => node.localName))).toEqual(["div", "ol", "div"]);
    expect(await text.textContent()).toBe(
      "Some bold <img src=x onerror=alert(1)><b>one</b>twoEnd <script>alert(1)</script>",
    );
    expect(await page.locator(".turn :is(img, script, b, i)").count()).toBe(0);
    expect(await text.locator("strong").allTextContents()).toEqual(["bold"]);
  });

  test("works with the keyboard alone", async () => {
    const page = await open();
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Products");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Add Fjord Jacket to the basket");
    await page.keyboard.press("Enter");
    await page.locator(".line").waitFor();
    expect(await focused()).toBe("Add Fjord Jacket to the basket");
    await page.getByRole("button", { name: "Take Fjord Jacket out" }).focus();
    await page.keyboard.press("Space");
    await page.locator(".line").waitFor({ state: "detached" });
    expect(await focused()).toBe("basket-title");
    await message(page).focus();
    await page.keyboard.type("Hello");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".turn:not(.streaming)").waitFor();
    expect(await focused()).toBe("message");
    await page.getByRole("button", { name: "Start over" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("I know every shelf").waitFor();
    expect(await focused()).toBe("message");
  });

  test("on a phone, assistant and basket are sheets that come and go", async () => {
    const page = await open(PHONE);
    expect(await page.locator("dialog:visible").count()).toBe(0);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    expect(await page.locator("#assistant").evaluate((sheet) => sheet.matches(":modal"))).toBe(true);
    await ask(page, "Add two Kelp Enamel Mugs");
    await page.getByRole("button", { name: "Close the assistant" }).click();
    await page.getByRole("button", { name: "Basket, 2 things" }).click();
    expect(await lines(page)).toEqual(["Kelp Enamel Mug 2 €32.00"]);
    await page.screenshot({ path: `${PICTURES}hono-shop-phone-basket.png` });
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog:visible").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("open-basket");
    await page.setViewportSize(DESKTOP);
    await page.locator("#assistant").waitFor();
    expect(await page.locator("dialog:visible").count()).toBe(2);
  });

  test("fits 320 pixels, with long words too", async () => {
    shop.script(`${"long".repeat(60)} and the Lichen Sleeping Bag`);
    const page = await open({ ...PHONE, viewport: { width: 320, height: 640 } });
    const overflow = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll<HTMLElement>("#talk, dialog:modal")].map(
          (box) => box.scrollWidth - box.clientWidth,
        ),
      );
    expect(await overflow()).toEqual([0, 0]);
    await page.screenshot({ path: `${PICTURES}hono-shop-narrow.png` });
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await ask(page, "word".repeat(60));
    expect(await overflow()).toEqual([0, 0, 0]);
    await page.screenshot({ path: `${PICTURES}hono-shop-narrow-assistant.png` });
  });

  test.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["phone", { colorScheme: "light", ...PHONE }],
  ] as const)("has enough contrast, and its picture taken: %s", async (name, options) => {
    const page = await open(options);
    await page.waitForFunction(() =>
      [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight),
    );
    await page.screenshot({ path: `${PICTURES}hono-shop-${name}-empty.png` });
    expect(await faintTexts(page)).toEqual([]);
    const phone = name === "phone";
    if (phone) await page.getByRole("button", { name: "Ask", exact: true }).click();
    await ask(page, "Show me something warm for winter");
    if (!phone) {
      await ask(page, "Add two of the first one to my basket");
      await add(page, "Tidal Wellies").click();
      await page.getByRole("button", { name: "One Tidal Wellies more" }).click();
      await page.getByRole("alert").getByText("only 1").waitFor();
      expect(await faintTexts(page)).toEqual([]);
      await expect.poll(() => complaints).toHaveLength(1);
      complaints = [];
      await page.getByRole("button", { name: "Take Tidal Wellies out" }).click();
      await page.locator(".line").nth(1).waitFor({ state: "detached" });
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${PICTURES}hono-shop-${name}.png` });
    expect(await faintTexts(page)).toEqual([]);
    if (phone) return;
    await search(page, "tea over the campfire");
    await page.screenshot({ path: `${PICTURES}hono-shop-${name}-search.png` });
    expect(await faintTexts(page)).toEqual([]);
  });

  test("keeps still for those who asked for that", async () => {
    shop.script({ text: "The Fjord Jacket and then some ".repeat(20), tokensPerSecond: 40 });
    const page = await open();
    await add(page, "Fjord Jacket").click();
    await message(page).fill("Go");
    await message(page).press("Enter");
    await turn(page, 0).locator(".card").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

/** Texts whose contrast is below WCAG AA's 4.5, with the contrast they have. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: number[]) => {
      const [r = 0, g = 0, b = 0] = color.map((part) => {
        const value = part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (node: Element | null): number[] => {
      if (!node) return [255, 255, 255];
      const color = parse(getComputedStyle(node).backgroundColor);
      return color[3] === 0 ? background(node.parentElement) : color.slice(0, 3);
    };
    const faint: string[] = [];
    for (const node of document.querySelectorAll<HTMLElement>("body *")) {
      const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent?.trim());
      if (!hasText || !node.checkVisibility() || node.matches(":disabled, .unseen, noscript")) continue;
      const [one, two] = [luminance(parse(getComputedStyle(node).color).slice(0, 3)), luminance(background(node))];
      const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (contrast < 4.5) faint.push(`${node.textContent?.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });
}
