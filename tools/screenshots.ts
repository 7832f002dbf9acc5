/** `bun tools/screenshots.ts`: the pictures in docs/screenshots, taken of the real programs on the sample data. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import {
  findBarriers,
  openBrowser,
  openVisitor,
  type VisitorOptions,
} from "../tests/pagesBrowser.ts";
import { freePorts, type StackUrls, startStack } from "./stack.ts";

const pictures = join(import.meta.dir, "..", "docs", "screenshots");
/** How long a scan may take to be read, in milliseconds. */
const readLimitMs = 60_000;

interface Shot extends VisitorOptions {
  name: string;
  /** Brings the page to where it is worth a picture. */
  show(page: Page, urls: StackUrls): Promise<unknown>;
}

const shots: readonly Shot[] = [
  {
    name: "claims-scan",
    async show(page, { claimsApi }) {
      await openClaim(page, claimsApi, "CLM-2025-0015");
      await page.getByLabel("Show words").check();
      await page.locator(".mark.word").first().waitFor({ timeout: readLimitMs });
    },
  },
  {
    name: "claims-denied",
    theme: "dark",
    async show(page, { claimsApi }) {
      await openClaim(page, claimsApi, "CLM-2025-0008");
      await page.getByText("Evidence").first().click();
    },
  },
  {
    name: "claims-review-fr",
    width: 390,
    locale: "fr-FR",
    show: (page, { claimsApi }) => openClaim(page, claimsApi, "CLM-2025-0009"),
  },
  {
    name: "claims-list",
    async show(page, { claimsApi }) {
      await page.goto(`${claimsApi}/#/claims?sort=claim_number`);
      await page.getByText("CLM-2025-0008").waitFor();
    },
  },
  {
    name: "console-tool",
    async show(page, { berth }) {
      await page.goto(`${berth}/console#/customer-mcp`);
      await page.locator("summary", { hasText: "get_customer" }).click();
      await page.getByLabel("customer_id").first().fill("AROUT");
      await page.getByRole("button", { name: "Call get_customer" }).click();
      await page.getByLabel("Result of get_customer").waitFor();
      await page.getByRole("row", { name: /get_customer/ }).waitFor();
    },
  },
  {
    name: "chat-tools",
    theme: "dark",
    async show(page, { supportChat }) {
      await page.goto(`${supportChat}/`);
      await page.locator("summary", { hasText: "fetch_order_history" }).click();
      await page.locator("details[open]").getByLabel("customer_id").fill("AROUT");
      await page.getByRole("button", { name: "Call fetch_order_history" }).click();
      await page.getByLabel("Result of fetch_order_history").waitFor();
    },
  },
];

const folder = mkdtempSync(join(tmpdir(), "berth-screenshots-"));
const stack = await startStack(folder, await freePorts());
const browser = await openBrowser();
let problemCount = 0;
try {
  mkdirSync(pictures, { recursive: true });
  for (const shot of shots) problemCount += await take(browser, shot, stack.urls);
} finally {
  await browser.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}
// A conversation needs a model; the one of the tests is scripted.
const told = Bun.spawn([process.execPath, "test", "tests/pages-chat"], {
  cwd: join(pictures, "..", ".."),
  env: { ...process.env, PICTURES: pictures },
  stdio: ["ignore", "inherit", "inherit"],
});
process.exit(problemCount === 0 ? await told.exited : 1);

/** Takes one picture; returns how much is wrong with what it shows. */
async function take(browser: Browser, { name, show, ...options }: Shot, urls: StackUrls) {
  await using visitor = await openVisitor(browser, options);
  const { page } = visitor;
  await show(page, urls);
  await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => undefined);
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  const problems = [...visitor.problems, ...(await findBarriers(page))];
  console.log(`docs/screenshots/${name}.png`, problems.join("; "));
  return problems.length;
}

/** Has a claim decided and opens it when its document is drawn. */
async function openClaim(page: Page, url: string, number: string): Promise<void> {
  const { claims } = await (await fetch(`${url}/api/v1/claims?search=${number}`)).json();
  const { id } = claims[0];
  await fetch(`${url}/api/v1/claims/${id}/process?wait=true`, { method: "POST" });
  await page.goto(`${url}/#/claims/${id}`);
  await page.locator(".sheet button.mark").first().waitFor({ timeout: readLimitMs });
}
