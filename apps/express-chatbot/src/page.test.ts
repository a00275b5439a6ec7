import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Chatbot, startChatbot } from "./chatbot.fixture.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";

const PICTURES = fileURLToPath(new URL("../../../.artifacts/", import.meta.url));
const DESKTOP = { width: 1200, height: 800 };
const PHONE = { width: 390, height: 760 };

if (!chromiumPath) {
  const words = "No Chromium is installed (CHROMIUM_PATH says where it is): the chat page is not tested.";
  if (process.env.CI === "true") throw new Error(words);
  console.warn(words);
}

describe.skipIf(!chromiumPath)("the chat page", { timeout: 120_000 }, () => {
  let browser: Browser;
  let chatbot: Chatbot;
  /** What the browser complained of: nothing, unless a test expects it. */
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    chatbot = await startChatbot();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await chatbot.close();
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
    await page.goto(chatbot.url);
    await page.locator("body:not([data-view=loading])").waitFor();
    return page;
  }

  const message = (page: Page) => page.getByRole("textbox", { name: "Message" });
  const answer = (page: Page, index: number) => page.locator(".answer").nth(index);

  async function send(page: Page, text: string): Promise<void> {
    await message(page).fill(text);
    await message(page).press("Enter");
  }

  async function finished(page: Page, index: number): Promise<string> {
    await page.locator(".answer:not(.streaming)").nth(index).waitFor();
    return (await answer(page, index).locator(".text").textContent()) ?? "";
  }

  test("streams: the answer grows while Stop stands in for Send", async () => {
    chatbot.script({ text: "one two three four five six seven eight nine ten", tokensPerSecond: 8 });
    const page = await open({ reducedMotion: "no-preference" });
    expect(await page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    // Looked for in the page itself, from before the answer begins: it goes on while a test asks.
    const early = page.waitForFunction(() => {
      const text = document.querySelector(".answer.streaming .text")?.textContent;
      const visible = ["stop", "send"].filter((id) => document.getElementById(id)?.checkVisibility());
      return text ? { text, visible } : null;
    });
    await send(page, "Count");
    const { text, visible } = (await (await early).jsonValue()) ?? { text: "", visible: [] };
    expect(visible).toEqual(["stop"]);
    const whole = await finished(page, 0);
    expect(whole).toBe("one two three four five six seven eight nine ten");
    expect(whole.startsWith(text) && text !== whole).toBe(true);
    expect(await page.getByRole("button", { name: "Send" }).isVisible()).toBe(true);
    expect(await page.getByRole("status").textContent()).toBe(whole);
  });

  test("remembers in the second answer, and after a reload", async () => {
    const page = await open();
    await send(page, "My name is Ada.");
    const first = await finished(page, 0);
    await send(page, "What is my name?");
    expect(await finished(page, 1)).toContain("Ada");
    await page.reload();
    expect(await finished(page, 1)).toContain("Ada");
    expect(await finished(page, 0)).toBe(first);
    expect(await page.locator(".question .text").allTextContents()).toEqual(["My name is Ada.", "What is my name?"]);
    await send(page, "What is my name?");
    expect(await finished(page, 2)).toContain("Ada");
  });

  test("stops mid-answer: the model stops too, and what was said stays after a reload", async () => {
    chatbot.script({ text: "one two three four five six seven eight nine ten ".repeat(200), tokensPerSecond: 20 });
    const page = await open();
    await send(page, "Count");
    await answer(page, 0).getByText("three").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await chatbot.abortSeen;
    const kept = await finished(page, 0);
    expect(kept).toMatch(/^one two three/);
    expect(await answer(page, 0).getByText("Stopped").isVisible()).toBe(true);
    await page.reload();
    expect(await finished(page, 0)).toMatch(/^one two three/);
    expect(await answer(page, 0).getByText("Stopped").isVisible()).toBe(true);
  });

  test("shows what went wrong in place, and Retry asks again", async () => {
    chatbot.script({ error: 400 }, "Now it works.");
    const page = await open();
    await send(page, "Try this");
    const alert = page.getByRole("alert");
    await alert.getByText("did not accept").waitFor();
    await page.screenshot({ path: `${PICTURES}express-chatbot-error.png` });
    await alert.getByRole("button", { name: "Retry" }).click();
    expect(await finished(page, 0)).toBe("Now it works.");
    expect(await alert.count()).toBe(0);
    expect(await page.locator(".question").count()).toBe(1);
  });

  test("an answer that breaks off is shown with Retry too", async () => {
    chatbot.script({ text: "one two three four five six", failAfter: 3 }, "All of it.");
    const page = await open();
    await send(page, "Try this");
    await page.getByRole("alert").getByText("broke off").waitFor();
    expect(await answer(page, 0).textContent()).toContain("one two");
    await page.getByRole("button", { name: "Retry" }).click();
    expect(await finished(page, 0)).toBe("All of it.");
    await page.reload();
    expect(await finished(page, 0)).toBe("All of it.");
    expect(await page.locator(".question").count()).toBe(1);
  });

  test("works with the keyboard alone", async () => {
    chatbot.script({ text: "word ".repeat(2000), tokensPerSecond: 40 }, "Second.");
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    expect(await focused()).toBe("message");
    await page.keyboard.type("First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    expect(await page.locator(".question .text").textContent()).toBe("First line\nsecond line");
    await answer(page, 0).getByText("word").waitFor();
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("stop");
    await page.keyboard.press("Enter");
    await finished(page, 0);
    expect(await focused()).toBe("message");
    await page.keyboard.type("Again");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("send");
    await page.keyboard.press("Space");
    expect(await finished(page, 1)).toBe("Second.");
    expect(await focused()).toBe("message");
    await page.getByRole("button", { name: "New chat" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "What’s on your mind?" }).waitFor();
    expect(await focused()).toBe("message");
  });

  test("Escape stops, and a suggestion starts", async () => {
    chatbot.script({ text: "word ".repeat(2000), tokensPerSecond: 40 });
    const page = await open();
    await page.getByRole("listitem").getByRole("button").first().click();
    await answer(page, 0).getByText("word").waitFor();
    await page.keyboard.press("Escape");
    await chatbot.abortSeen;
    await answer(page, 0).getByText("Stopped").waitFor();
  });

  test("New chat forgets the conversation", async () => {
    const page = await open();
    await send(page, "My name is Ada.");
    await finished(page, 0);
    await page.getByRole("button", { name: "New chat" }).click();
    await send(page, "What is my name?");
    expect(await finished(page, 0)).not.toContain("Ada");
    await page.reload();
    await finished(page, 0);
    expect(await page.locator(".question").count()).toBe(1);
  });

  test("follows the answer, unless the person scrolled up", async () => {
    chatbot.script("line\n\n".repeat(60), { text: "more\n\n".repeat(60), tokensPerSecond: 60 });
    const page = await open();
    const toEnd = page.getByRole("button", { name: "Go to the newest message" });
    const top = () => page.evaluate(() => document.querySelector("main")?.scrollTop ?? -1);
    await send(page, "Write a lot");
    await finished(page, 0);
    expect(await top()).toBeGreaterThan(500);
    await send(page, "More");
    await answer(page, 1).getByText("more").first().waitFor();
    await page.locator("main").hover();
    await page.mouse.wheel(0, -600);
    await toEnd.waitFor();
    const paragraphs = (count: number) =>
      page.waitForFunction((least) => document.querySelectorAll(".answer:last-child .text p").length > least, count);
    await paragraphs(30);
    const stayed = await top();
    await paragraphs(50);
    expect(await top()).toBe(stayed);
    await toEnd.click();
    await toEnd.waitFor({ state: "hidden" });
    expect(await top()).toBeGreaterThan(stayed);
    await finished(page, 1);
    const rest = await page.evaluate(() => {
      const main = document.querySelector("main") as HTMLElement;
      return main.scrollHeight - main.clientHeight - main.scrollTop;
    });
    expect(rest).toBeLessThan(2);
  });

  test("shows Markdown, and never as HTML", async () => {
    const text = [
      "# Title",
      "Some **bold** and `code`, <b>not bold</b> <img src=x onerror=alert(1)>",
      "- one\n- two",
      "3. three\n4. four",
      "```html\n<script>alert(1)</script>\n\n**not bold**\n```",
      "End",
    ].join("\n\n");
    chatbot.script(text);
    const page = await open();
    await send(page, "Show me");
    await finished(page, 0);
    const shape = await answer(page, 0)
      .locator(".text > *")
      .evaluateAll((nodes) => nodes.map((node) => [node.localName, node.textContent]));
    expect(shape).toEqual([
      ["h3", "Title"],
      ["p", "Some bold and code, <b>not bold</b> <img src=x onerror=alert(1)>"],
      ["ul", "onetwo"],
      ["ol", "threefour"],
      ["pre", "<script>alert(1)</script>\n\n**not bold**"],
      ["p", "End"],
    ]);
    expect(await answer(page, 0).locator("strong").allTextContents()).toEqual(["bold"]);
    expect(await answer(page, 0).locator(".text :is(img, script, b)").count()).toBe(0);
  });

  test("fits 320 pixels, with long words and wide code too", async () => {
    chatbot.script(`${"long".repeat(60)}\n\n\`\`\`\n${"wide ".repeat(60)}\n\`\`\``);
    const page = await open({ viewport: { width: 320, height: 600 } });
    const overflow = () =>
      page.evaluate(() =>
        [document.documentElement, document.querySelector("main") as HTMLElement].map(
          (box) => box.scrollWidth - box.clientWidth,
        ),
      );
    expect(await overflow()).toEqual([0, 0]);
    await send(page, "word".repeat(60));
    await finished(page, 0);
    expect(await overflow()).toEqual([0, 0]);
  });

  test.each([
    { width: 1200, height: 700 },
    { width: 1200, height: 600 },
    { width: 390, height: 700 },
  ])("has no scroll bar while there is nothing to scroll: $width × $height", async (viewport) => {
    const page = await open({ viewport });
    const hidden = await page.locator("main").evaluate((main) => main.scrollHeight - main.clientHeight);
    expect(hidden).toBe(0);
  });

  test.each([
    ["light", { colorScheme: "light", viewport: DESKTOP }],
    ["dark", { colorScheme: "dark", viewport: DESKTOP }],
    ["phone", { colorScheme: "light", viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ] as const)("has enough contrast, and its picture taken: %s", async (name, options) => {
    chatbot.script(...SCENE);
    const page = await open(options);
    expect(await faintTexts(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}express-chatbot-${name}-empty.png` });
    await send(page, "How do I stream an answer?");
    await finished(page, 0);
    await send(page, "And how do I stop it?");
    await answer(page, 1).getByText("until then").waitFor();
    await page.screenshot({ path: `${PICTURES}express-chatbot-${name}.png` });
    expect(await faintTexts(page)).toEqual([]);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe(name === "dark" ? "rgb(23, 22, 20)" : "rgb(250, 248, 245)");
  });

  test("keeps still for those who asked for that", async () => {
    chatbot.script({ text: "word ".repeat(2000), tokensPerSecond: 40 });
    const page = await open();
    await send(page, "Go");
    await answer(page, 0).getByText("word").waitFor();
    const running = await page.evaluate(() => document.getAnimations().length);
    expect(running).toBe(0);
  });
});

const SCENE = [
  `Ask for it with \`stream: true\`, then read it **piece by piece**:

\`\`\`js
const stream = await client.chat.completions.create({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "Hello!" }],
  stream: true,
});
for await (const chunk of stream) show(chunk);
\`\`\``,
  {
    text: `Three ways, whichever is at hand:

- Press the **Stop** button
- Press Escape
- Close the page

The model stops too: nothing is written, or paid for, that nobody reads. What was said until then stays in the conversation, also after a reload of the page, and the model knows of it when you go on. ${"And so it goes on. ".repeat(20)}`,
    tokensPerSecond: 60,
  },
];

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
