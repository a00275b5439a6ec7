import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where the tests look for Chromium; `CHROMIUM_PATH` names another place. */
export const CHROMIUM_PATH = process.env.CHROMIUM_PATH || "/usr/bin/chromium";

export const hasChromium = existsSync(CHROMIUM_PATH);

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: ARGUMENTS });
}
