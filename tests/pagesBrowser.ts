import { existsSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Debian and its relatives install the browser. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How long a test waits for something to be seen, in milliseconds. */
export const seenLimitMs = 15_000;

/** The browser's program; tests of pages cannot do without. */
export function findChromium(): string {
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    `Cannot test the pages: no browser at ${places.join(", ")}\nhint: apt-get install chromium`,
  );
}

/** Starts the browser. It runs without its own sandbox where its owner is root, which it otherwise refuses. */
export function openBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: findChromium(),
    args: ["--disable-dev-shm-usage", ...(isRoot ? ["--no-sandbox"] : [])],
  });
}

/** A reader of the pages: a browser of their own. Leaving it throws when something went wrong in it. */
export interface Visitor extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** Errors of scripts, violations of the content security policy, and dialogs; empty when all is well. */
  problems: string[];
}

export interface VisitorOptions {
  theme?: "light" | "dark";
  width?: number;
  locale?: string;
}

export async function openVisitor(
  browser: Browser,
  { theme = "light", width = 1280, locale = "en-GB" }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    locale,
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(seenLimitMs);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  // From the start: a browser that is told while a key is pressed would show a dialog that nobody sees.
  page.on("filechooser", () => undefined);
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) problems.push(`csp: ${message.text()}`);
  });
  await page.exposeFunction("tellViolation", (text: string) => problems.push(`csp: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      Object(globalThis).tellViolation(`${violatedDirective} ${blockedURI}`);
    });
  });
  return {
    page,
    context,
    problems,
    async [Symbol.asyncDispose]() {
      await context.close();
      if (problems.length > 0) throw new Error(`the page has problems: ${problems.join("; ")}`);
    },
  };
}

/** Keeps a picture of the page for the docs when the folder for them is named. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What axe finds on a page that is serious or critical, as `rule: place`. */
export async function findBarriers(page: Page): Promise<string[]> {
  // The page's policy lets no script be made from text, so the tool comes in over the debugger, which no policy binds.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const run = `axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " " + (n.any[0]?.message ?? "")))))`;
  const { result } = await session.send("Runtime.evaluate", {
    expression: run,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(String(result.value));
}
