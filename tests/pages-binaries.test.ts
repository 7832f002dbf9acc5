import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openFolder, writeFiles } from "./berth.ts";
import { writeSampleDocuments } from "./claims.ts";
import { openBrowser, openVisitor } from "./pagesBrowser.ts";
import { createTestDatabase } from "./postgres.ts";
import { root, runListening } from "./program.ts";

// A browser and built programs take their time to start.
setDefaultTimeout(60_000);

const binary = (name: string) => join(root, "dist", name);
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Opens a page and tells what it could not load. */
async function visit(url: string, look: (page: Page) => Promise<void>): Promise<string[]> {
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  const missing: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) missing.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  await look(page);
  return missing;
}

test("dist/claims-api holds the claims page with the engine that draws documents", async () => {
  const database = await createTestDatabase();
  using folder = openFolder();
  writeSampleDocuments(folder.path);
  const env = { DATABASE_URL: database.url, DOCUMENTS_ROOT: folder.path };
  const program = await runListening([binary("claims-api"), "--port", "0"], env);
  while (!(await fetch(`${program.url}/health/ready`)).ok) await Bun.sleep(20);
  const missing = await visit(program.url, async (page) => {
    await page.getByText("All claims").waitFor();
    await page.goto(`${program.url}/#/claims?search=0001`);
    await page.getByRole("link", { name: "CLM-2025-0001" }).click();
    await page.locator(".sheet > canvas").waitFor();
  });
  await program[Symbol.asyncDispose]();
  await database.drop();
  // The claim has no decision yet, which the service tells with 404.
  expect(missing.filter((url) => !url.endsWith("/decision"))).toEqual([]);
});

test("dist/support-chat holds its page", async () => {
  await using program = await runListening([binary("support-chat"), "--port", "0"]);
  const missing = await visit(program.url, (page) =>
    page.getByText("No model is configured").waitFor(),
  );
  expect(missing).toEqual([]);
});

test("dist/berth holds the console", async () => {
  using folder = openFolder();
  writeFiles(folder.path, { "berth.json": { mcpServers: {} } });
  const config = join(folder.path, "berth.json");
  await using program = await runListening([binary("berth"), "serve", config, "--port", "0"]);
  const missing = await visit(`${program.url}/console`, (page) =>
    page.getByText("permissions: ").waitFor(),
  );
  expect(missing).toEqual([]);
});
