import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { adminToken, openTestClaims, samplePdf } from "./claims.ts";
import { findBarriers, openVisitor } from "./pagesBrowser.ts";
import { fileClaim, openReadingClaims, openStage } from "./pagesClaims.ts";
import { hands } from "./pagesHand.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const { claims, browser } = await openStage(openReadingClaims);

describe.each(hands)("with the $name", ({ name, click, fill, upload }) => {
  const theme = name === "pointer" ? "light" : "dark";

  test("an administrator sees what is stored, saves the audit log and goes back to the sample data", async () => {
    const id = await fileClaim(claims, `ADM-${name}-0001`, { isProcessed: false });
    const path = `/api/v1/claims/${id}/process?wait=true`;
    await claims.send("POST", path, { body: { skip_guardrails: true } });
    await using visitor = await openVisitor(browser, { theme, width: 360 });
    const { page } = visitor;
    await page.goto(`${claims.url}/#/admin`);
    await fill(page.getByLabel("Administrator's token"), "wrong");
    await click(page.getByRole("button", { name: "Continue" }));
    await page.getByRole("alert").getByText("token").waitFor();
    await fill(page.getByLabel("Administrator's token"), adminToken);
    await click(page.getByRole("button", { name: "Continue" }));
    const rows = page.getByRole("region", { name: "Rows" });
    await rows.waitFor();
    const before = await countsOf(rows);
    const entries: unknown[] = JSON.parse(await saved(page, () => click(button("Save as JSON"))));
    const lines = (await saved(page, () => click(button("Save as CSV")))).trim().split("\n");
    await click(button("Reset to the sample data…"));
    const dialog = page.getByRole("dialog", { name: "Reset to the sample data" });
    await fill(dialog.getByLabel("Type RESET to confirm"), "RESET");
    const barriers = await findBarriers(page);
    await click(dialog.getByRole("button", { name: "Reset to the sample data" }));
    await page.getByText("The sample data is loaded.").waitFor();
    await rows.getByText("42").waitFor();
    function button(label: string): Locator {
      return page.getByRole("button", { name: label });
    }
    expect({
      before: [before.Claimants, before["Policy articles"], before.Claims],
      // One line is that of the names.
      isWhole: lines.length - 1 === entries.length && entries.length > 0,
      after: (await countsOf(rows)).Claims,
      barriers,
      width: await page.evaluate(() => document.documentElement.scrollWidth),
    }).toEqual({
      before: ["25", "15", "43"],
      isWhole: true,
      after: "42",
      barriers: [],
      width: 360,
    });
  });

  test("with a token set, the page asks for it, and a claim is filed and watched with it", async () => {
    const token = "reader-token-of-the-tests-0123456789";
    const closed = await openTestClaims({ API_TOKEN: token });
    try {
      await using visitor = await openVisitor(browser, { theme });
      const { page } = visitor;
      await page.goto(`${closed.url}/#/new`);
      await fill(page.getByLabel("Claimant's key"), "USR001");
      await fill(page.getByLabel("Claim number"), "TOKEN-0010");
      const file = { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from(samplePdf()) };
      await upload(page.getByLabel(/^Document/), file);
      await click(page.getByRole("button", { name: "File the claim" }));
      await fill(page.getByLabel("The service asks for an access token"), token);
      const barriers = await findBarriers(page);
      await click(page.getByRole("button", { name: "Continue" }));
      await page.getByText("Run ended").waitFor();
      const review = page.getByRole("region", { name: "Review" });
      await review.getByText("Nobody else is here.").waitFor();
      await fill(page.getByLabel("Message to the other reviewers"), "With a token.");
      await click(page.getByRole("button", { name: "Send message" }));
      await review.getByRole("log").getByText("With a token.").waitFor();
      expect(barriers).toEqual([]);
    } finally {
      await closed.close();
    }
  });
});

test("a claim's page that is open over a reset shows the claim as it is now", async () => {
  const id = await claims.claimId("2025-0001");
  const path = `/api/v1/claims/${id}/process?wait=true`;
  await claims.send("POST", path, { body: {} });
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  await page.goto(`${claims.url}/#/claims/${id}`);
  const lines = page.getByRole("log", { name: "Timeline" }).locator("strong");
  await lines.getByText("Run ended").waitFor();
  const before = await lines.count();
  await claims.send("POST", "/api/v1/admin/reset-database", { token: adminToken });
  await page.getByText("Nothing has happened yet.").waitFor();
  await page.locator(".badge", { hasText: "Pending" }).first().waitFor();
  await claims.send("POST", path, { body: {} });
  await lines.getByText("Run ended").waitFor();
  expect([before > 5, await lines.count()]).toEqual([true, before]);
});

/** What the page tells of each kind of row. */
async function countsOf(rows: Locator): Promise<Record<string, string>> {
  const [names, counts] = await Promise.all([
    rows.locator("dt").allTextContents(),
    rows.locator("dd").allTextContents(),
  ]);
  return Object.fromEntries(names.map((name, place) => [name, counts[place] ?? ""]));
}

/** The text of the file that the page has the browser save. */
async function saved(page: Page, save: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent("download");
  await save();
  return readFileSync(await (await download).path(), "utf8");
}
