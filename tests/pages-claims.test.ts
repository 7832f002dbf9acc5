import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { openTestClaims, samplePdf, type TestClaims } from "./claims.ts";
import { findBarriers, openBrowser, openVisitor } from "./pagesBrowser.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

let claims: TestClaims;
let browser: Browser;

beforeAll(async () => {
  [claims, browser] = await Promise.all([openTestClaims(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await claims?.close();
});

const pdf = (comment: string) => ({
  name: `${comment}.pdf`,
  mimeType: "application/pdf",
  buffer: Buffer.from(samplePdf(comment)),
});

test("a claim is filed with its document and watched to its decision", async () => {
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  await page.goto(claims.url);
  await page.getByRole("main").getByRole("link", { name: "New claim" }).click();
  await page.getByLabel("Claimant's key").fill("USR001");
  await page.getByLabel("Claim number").fill("CLM-2026-7001");
  await page.getByLabel(/^Document/).setInputFiles(pdf("filed in the browser"));
  await page.getByRole("button", { name: "File the claim" }).click();
  await page.getByRole("heading", { name: "CLM-2026-7001" }).waitFor();
  const steps = page.getByRole("log", { name: "Timeline" });
  await steps.getByText("Run ended").waitFor();
  await page.getByText("Payable amount").waitFor();
  const lines = await steps.locator("strong").allTextContents();
  expect({ lines, problems: visitor.problems }).toEqual({
    lines: [
      "Status: Processing",
      "Run started",
      "Read the document",
      "Look up the claimant and contracts",
      "Look for precedents",
      "The agent proposes: Approve",
      "Check against the rules and record the decision",
      "Status: Completed",
      "Run ended",
    ],
    problems: [],
  });
});

const parts = ["#/", "#/claims", "#/new", "#/admin", "#/claims/%id"];

for (const theme of ["light", "dark"] as const) {
  test(`no part of the claims page has a serious barrier in the ${theme} theme`, async () => {
    await using visitor = await openVisitor(browser, { theme });
    const id = await claims.claimId("CLM-2025-0010");
    await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`, { body: {} });
    const found: string[] = [];
    for (const part of parts) {
      await visitor.page.goto(`${claims.url}/${part.replace("%id", id)}`);
      await visitor.page.locator(".card").first().waitFor();
      await visitor.page.waitForLoadState("networkidle");
      found.push(...(await findBarriers(visitor.page)).map((barrier) => `${part} ${barrier}`));
    }
    expect({ found, problems: visitor.problems }).toEqual({ found: [], problems: [] });
  });
}
