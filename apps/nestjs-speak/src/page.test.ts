import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.fixture.ts";
import { faintTexts } from "./contrast.fixture.ts";
import { type Speak, startSpeak } from "./speak.fixture.ts";

const PICTURES = fileURLToPath(new URL("../../../.artifacts/", import.meta.url));
const DESKTOP = { width: 1200, height: 800 };
const PHONE = { width: 390, height: 760 };
const SCENE = ["Hola Lucía, me llamo Ada. Estoy bien.", "Yo soy 30 años y me gusta los perros."];

if (!chromiumPath) {
  const words = "No Chromium is installed (CHROMIUM_PATH says where it is): the lesson page is not tested.";
  if (process.env.CI === "true") throw new Error(words);
  console.warn(words);
}

describe.skipIf(!chromiumPath)("the lesson page", { timeout: 120_000 }, () => {
  let browser: Browser;
  let speak: Speak;
  /** What the browser complained of: nothing, unless a test expects it. */
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    speak = await startSpeak();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await speak.close();
    expect(complaints).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    // Where nothing moves, nobody waits for it to stand still.
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.setDefaultTimeout(60_000);
    await page.goto(speak.url);
    await page.locator("body:not([data-view=loading])").waitFor();
    return page;
  }

  /** A page with a lesson that has begun. */
  async function begin(options: BrowserContextOptions = {}, language = "Español"): Promise<Page> {
    const page = await open(options);
    await page.getByText(language, { exact: true }).click();
    await page.getByRole("button", { name: "Begin" }).click();
    await page.locator("body[data-view=lesson]").waitFor();
    return page;
  }

  const message = (page: Page) => page.getByRole("textbox", { name: "Message" });
  /** The tutor's words by their number; 0 is how the lesson opens. */
  const tutor = (page: Page, index: number) => page.locator(".tutor").nth(index);
  const note = (page: Page, index: number) => page.locator(".learner").nth(index).locator(".note");
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

  async function send(page: Page, text: string): Promise<void> {
    await message(page).fill(text);
    await message(page).press("Enter");
  }

  async function finished(page: Page, index: number): Promise<string> {
    await page.locator(".tutor:not(.speaking)").nth(index).waitFor();
    return (await tutor(page, index).locator(".text").textContent()) ?? "";
  }

  test("begins a lesson in the language that was picked, and says what language its texts are in", async () => {
    const page = await open();
    await page.getByRole("radio", { name: "Français" }).check({ force: true });
    expect(await page.locator("#greeting").textContent()).toBe("Bonjour !");
    await page.getByRole("radio", { name: "B1" }).check({ force: true });
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByText("French with Camille, B1").waitFor();
    expect(await finished(page, 0)).toContain("Je suis Camille");
    expect(await message(page).getAttribute("placeholder")).toBe("Écris en français…");
    await send(page, "Je suis 20 ans.");
    await finished(page, 1);
    await page.locator(".correction").waitFor();
    const texts =
      ".tutor .text, .learner > .text, .corrected, del, .change ins, .word-list b, #letters button, #message";
    const languages = await page.locator(texts).evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).lang));
    expect(languages.length).toBeGreaterThan(10);
    expect(new Set(languages)).toEqual(new Set(["fr"]));
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  test("streams: the reply grows while Stop stands in for Send", async () => {
    speak.scriptReplies({ text: "uno dos tres cuatro cinco seis siete ocho nueve diez", tokensPerSecond: 8 });
    const page = await begin({ reducedMotion: "no-preference" });
    expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    // Looked for in the page itself, from before the reply begins: it goes on while a test asks.
    const early = page.waitForFunction(() => {
      const text = document.querySelector(".tutor.speaking .text")?.textContent;
      const visible = ["stop", "send"].filter((id) => document.getElementById(id)?.checkVisibility());
      return text ? { text, visible } : null;
    });
    await send(page, "Cuenta.");
    const { text, visible } = (await (await early).jsonValue()) ?? { text: "", visible: [] };
    expect(visible).toEqual(["stop"]);
    const whole = await finished(page, 1);
    expect(whole).toBe("uno dos tres cuatro cinco seis siete ocho nueve diez");
    expect(whole.startsWith(text) && text !== whole).toBe(true);
    expect(await page.getByRole("status").filter({ hasText: whole }).getAttribute("lang")).toBe("es");
  });

  test("corrects below the message: the sentence with its changes marked, each mistake with its reason", async () => {
    const page = await begin();
    await send(page, "Yo soy 30 años y me gusta el cafe.");
    const card = note(page, 0).getByRole("region", { name: "Correction" });
    await card.waitFor();
    expect(await card.locator(".corrected").textContent()).toBe("Yo tengo 30 años y me gusta el café.");
    expect(await card.locator(".corrected ins").allTextContents()).toEqual(["tengo 30 años", "café"]);
    expect(await card.locator("del").allTextContents()).toEqual(["soy 30 años", "cafe"]);
    expect(await card.locator(".why").first().textContent()).toContain("tener");
    await finished(page, 1);
    await send(page, "Me gusta el café.");
    await note(page, 1).getByText("¡Muy bien! Nothing to correct.").waitFor();
    await finished(page, 2);
    await page.reload();
    await note(page, 1).getByText("Nothing to correct.").waitFor();
    expect(await page.locator(".corrected").textContent()).toBe("Yo tengo 30 años y me gusta el café.");
    expect(await page.locator(".word-list li").count()).toBe(3);
  });

  test("goes on without a correction that does not come", async () => {
    speak.scriptCorrections({ error: 400 });
    const page = await begin();
    await send(page, "Hola");
    await note(page, 0).getByText("No correction this time.").waitFor();
    expect(await finished(page, 1)).not.toBe("");
  });

  test("never makes HTML of what a model says", async () => {
    const evil = "<img src=x onerror=alert(1)><b>no</b>";
    speak.scriptReplies(evil);
    const mistakes = [{ original: evil, correction: evil, explanation: evil }];
    speak.scriptCorrections({ json: { corrected: `Así: ${evil}`, mistakes, words: [{ word: evil, meaning: evil }] } });
    const page = await begin();
    await send(page, "Hola");
    expect(await finished(page, 1)).toBe(evil);
    expect(await page.locator(".corrected").textContent()).toBe(`Así: ${evil}`);
    expect(await page.locator("main :is(img, .text b, .corrected b)").count()).toBe(0);
  });

  test("collects words and practises them; what was known gets a dot, and keeps it", async () => {
    const words = [
      { word: "el pan", meaning: "bread" },
      { word: "la sal", meaning: "salt" },
    ];
    speak.scriptCorrections({ json: { corrected: "Hola.", mistakes: [], words } });
    const page = await begin();
    expect(await page.getByRole("button", { name: "Practise" }).isDisabled()).toBe(true);
    await send(page, "Hola.");
    await finished(page, 1);
    await page.getByRole("button", { name: "Practise" }).click();
    const dialog = page.getByRole("dialog", { name: "Practise" });
    for (const round of ["1 of 2", "2 of 2"]) {
      await dialog.getByText(round).waitFor();
      const asked = await dialog.locator("#flashcard-front").textContent();
      await dialog.getByRole("button", { name: "Show" }).click();
      const answer = await dialog.locator("#flashcard-back").textContent();
      expect(words).toContainEqual({ word: answer, meaning: asked });
      await dialog.getByRole("button", { name: asked === "bread" ? "I knew it" : "Not yet" }).click();
    }
    // What was not known comes once more.
    await dialog.getByText("Once more").first().waitFor();
    expect(await dialog.locator("#flashcard-front").textContent()).toBe("salt");
    await dialog.getByRole("button", { name: "Show" }).click();
    await dialog.getByRole("button", { name: "I knew it" }).click();
    await dialog.getByText("1 of 2").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    const known = (word: string) =>
      page.locator(".word-list li", { hasText: word }).getByRole("img").getAttribute("aria-label");
    await page.locator(".dots .on").waitFor();
    await page.reload();
    await page.locator(".dots .on").waitFor();
    expect([await known("el pan"), await known("la sal")]).toEqual(["Known 1 of 3 times", "Known 0 of 3 times"]);
  });

  test("stops mid-reply: the model stops too, and what was said stays after a reload", async () => {
    speak.scriptReplies({ text: "uno dos tres ".repeat(1000), tokensPerSecond: 20 });
    const page = await begin();
    await send(page, "Cuenta.");
    await tutor(page, 1).getByText("tres").waitFor();
    await page.keyboard.press("Escape");
    await speak.abortSeen;
    expect(await finished(page, 1)).toMatch(/^uno dos tres/);
    await tutor(page, 1).getByText("Stopped").waitFor();
    await expect
      .poll(async () => {
        await page.reload();
        await page.locator("body[data-view=lesson]").waitFor();
        return tutor(page, 1).getByText("Stopped").isVisible();
      })
      .toBe(true);
  });

  test("shows what went wrong in place, and Retry says it again", async () => {
    speak.scriptReplies({ error: 400 }, { text: "uno dos tres cuatro", failAfter: 2 }, "Ahora sí.");
    const page = await begin();
    await send(page, "Hola");
    const alert = page.getByRole("alert");
    await alert.getByText("could not take this message").waitFor();
    await page.screenshot({ path: `${PICTURES}nestjs-speak-error.png` });
    await alert.getByRole("button", { name: "Retry" }).click();
    await alert.getByText("broke off").waitFor();
    await alert.getByRole("button", { name: "Retry" }).click();
    expect(await finished(page, 1)).toBe("Ahora sí.");
    expect(await alert.count()).toBe(0);
    expect(await page.locator(".learner").count()).toBe(1);
  });

  test("leads back to the languages when the lesson is over", async () => {
    const page = await begin();
    await page.context().clearCookies();
    await send(page, "Hola");
    await page.getByRole("alert").getByText("Your lesson is over").waitFor();
    await page.getByRole("button", { name: "Choose a language" }).click();
    await page.getByRole("heading", { name: "What shall we speak?" }).waitFor();
    await expect.poll(() => complaints.join()).toContain("401");
    complaints = [];
  });

  test("asks before a lesson with words is forgotten", async () => {
    const page = await begin();
    await send(page, "Me gusta el café.");
    await finished(page, 1);
    const leave = page.getByRole("dialog", { name: "Begin a new lesson?" });
    await page.getByRole("button", { name: "New lesson" }).click();
    await leave.getByText("its 3 words").waitFor();
    await leave.getByRole("button", { name: "Stay here" }).click();
    expect(await page.locator(".learner").count()).toBe(1);
    await page.getByRole("button", { name: "New lesson" }).click();
    await leave.getByRole("button", { name: "New lesson" }).click();
    await page.getByRole("heading", { name: "What shall we speak?" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "What shall we speak?" }).waitFor();
  });

  test("works with the keyboard alone", async () => {
    const page = await open();
    const value = () => page.evaluate(() => (document.activeElement as HTMLInputElement).value);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the lesson");
    await page.keyboard.press("Tab");
    expect(await value()).toBe("es");
    await page.keyboard.press("ArrowRight");
    expect(await value()).toBe("fr");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Tab");
    expect(await value()).toBe("A2");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("body[data-view=lesson]").waitFor();
    expect(await focused(page)).toBe("message");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    expect(await message(page).inputValue()).toBe("¡");
    expect(await focused(page)).toBe("message");
    await page.keyboard.type("Me gusta el café!");
    await page.keyboard.press("Enter");
    await finished(page, 1);
    expect(await focused(page)).toBe("message");
    await page.getByRole("button", { name: "Practise" }).focus();
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("show-answer");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("knew-it");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await focused(page)).toBe("practise");
  });

  test("takes turns between conversation and words where it is narrow", async () => {
    const page = await begin({ viewport: PHONE });
    await send(page, "Me gusta el café.");
    await finished(page, 1);
    const toggle = page.getByRole("button", { name: /^Words/ });
    expect(await page.getByText("el desayuno", { exact: true }).isVisible()).toBe(false);
    await toggle.click();
    expect(await toggle.getAttribute("aria-expanded")).toBe("true");
    expect(await page.getByText("el desayuno", { exact: true }).isVisible()).toBe(true);
    expect(await message(page).isVisible()).toBe(false);
    await page.keyboard.press("Escape");
    expect(await message(page).isVisible()).toBe(true);
  });

  test("fits 320 pixels, with long words too", async () => {
    const long = "palabra".repeat(40);
    const mistakes = [{ original: long, correction: long, explanation: long }];
    speak.scriptReplies(long);
    speak.scriptCorrections({ json: { corrected: long, mistakes, words: [{ word: long, meaning: long }] } });
    const page = await open({ viewport: { width: 320, height: 600 } });
    const overflow = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll("main, #scroller, #words, dialog[open]")]
          .map((box) => box.scrollWidth - box.clientWidth)
          .filter((pixels) => pixels > 0),
      );
    expect(await overflow()).toEqual([]);
    await page.getByRole("button", { name: "Begin" }).click();
    await send(page, long);
    await finished(page, 1);
    await page.locator(".correction").waitFor();
    expect(await overflow()).toEqual([]);
    await page.getByRole("button", { name: /^Words/ }).click();
    expect(await overflow()).toEqual([]);
    await page.getByRole("button", { name: "Practise" }).click();
    await page.getByRole("button", { name: "Show" }).click();
    expect(await overflow()).toEqual([]);
  });

  test.each([
    ["light", { colorScheme: "light", viewport: DESKTOP }],
    ["dark", { colorScheme: "dark", viewport: DESKTOP }],
    ["phone", { colorScheme: "light", viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ] as const)("has enough contrast in every language's colour, and its picture taken: %s", async (name, options) => {
    const page = await open(options);
    const take = (what: string) => page.screenshot({ path: `${PICTURES}nestjs-speak-${name}${what}.png` });
    await take("-welcome");
    for (const tile of await page.locator(".tile").all()) {
      await tile.click();
      expect(await faintTexts(page)).toEqual([]);
    }
    await page.getByText("Español", { exact: true }).click();
    await page.getByRole("button", { name: "Begin" }).click();
    for (const [index, text] of SCENE.entries()) {
      await send(page, text);
      await finished(page, index + 1);
    }
    expect(await faintTexts(page)).toEqual([]);
    await take("");
    if (name === "phone") {
      await page.getByRole("button", { name: /^Words/ }).click();
      await take("-words");
    }
    for (const language of ["fr", "de", "it", "pt", "nl", "es"]) {
      await page.evaluate((code) => document.body.setAttribute("data-language", code), language);
      expect(await faintTexts(page)).toEqual([]);
    }
    await page.getByRole("button", { name: "Practise" }).click();
    await page.getByRole("button", { name: "Show" }).click();
    expect(await faintTexts(page)).toEqual([]);
    await take("-practice");
  });

  test("keeps still for those who asked for that", async () => {
    speak.scriptReplies({ text: "palabra ".repeat(1000), tokensPerSecond: 40 });
    const page = await begin();
    await send(page, "Hola");
    await tutor(page, 1).getByText("palabra").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test("has a Swagger page that works under its own policy", async () => {
    const page = await open();
    await page.goto(`${speak.url}/docs`);
    await page.getByText("Say something: the reply and the correction come as events").waitFor();
    await page.getByRole("link", { name: "/v1/chat/completions", exact: true }).first().waitFor();
    await page.screenshot({ path: `${PICTURES}nestjs-speak-swagger.png` });
  });
});
