import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { openTestClaims, samplePdf } from "./claims.ts";
import { openVisitor } from "./pagesBrowser.ts";
import { fileClaim, openStage } from "./pagesClaims.ts";
import { hands } from "./pagesHand.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const { claims, browser } = await openStage(openTestClaims);

const pdf = (comment: string) => ({
  name: `${comment}.pdf`,
  mimeType: "application/pdf",
  buffer: Buffer.from(samplePdf(comment)),
});

const open = (page: Page, id: string) => page.goto(`${claims.url}/#/claims/${id}`);

describe.each(hands)("with the $name", (hand) => {
  const { click, fill, upload, name } = hand;
  const mark = name === "pointer" ? "1" : "2";

  test("a claim is filed with its document and watched to its decision", async () => {
    await using visitor = await openVisitor(browser);
    const { page, problems } = visitor;
    await page.goto(claims.url);
    await click(page.getByRole("main").getByRole("link", { name: "New claim" }));
    await fill(page.getByLabel("Claimant's key"), "USR001");
    await fill(page.getByLabel("Claim number"), `CLM-${mark}-7001`);
    await upload(page.getByLabel(/^Document/), pdf(`filed with the ${name}`));
    await click(page.getByRole("button", { name: "File the claim" }));
    await page.getByRole("heading", { name: `CLM-${mark}-7001` }).waitFor();
    const steps = page.getByRole("log", { name: "Timeline" });
    await steps.getByText("Run ended").waitFor();
    await page.getByText("1,480.00 USD", { exact: true }).waitFor();
    const lines = await steps.locator("strong").allTextContents();
    expect({ lines, problems }).toEqual({
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

  test("two reviewers see each other, and the later decision meets a conflict", async () => {
    const id = await fileClaim(claims, `CLM-${mark}8-0010`);
    await using ada = await openVisitor(browser);
    await using ben = await openVisitor(browser);
    for (const [visitor, who] of [
      [ada, "Ada"],
      [ben, "Ben"],
    ] as const) {
      await open(visitor.page, id);
      await fill(visitor.page.getByLabel("Your name"), who);
      await visitor.page.keyboard.press("Tab");
    }
    const review = (page: Page) => page.getByRole("region", { name: "Review" });
    await review(ada.page).locator(".badge", { hasText: "Ben" }).waitFor();
    await review(ben.page).locator(".badge", { hasText: "Ada" }).waitFor();
    await fill(ada.page.getByLabel("Message to the other reviewers"), "I shall approve this.");
    await click(ada.page.getByRole("button", { name: "Send message" }));
    await review(ben.page).getByText("I shall approve this.").waitFor();
    // Ben's network is slow: he has not seen what Ada does when he decides.
    const stalled = Promise.withResolvers<void>();
    await ben.page.route(`**/claims/${id}`, async (route) => {
      await stalled.promise;
      await route.continue();
    });
    await click(review(ada.page).getByRole("button", { name: "Approve" }));
    await review(ada.page).getByText("Stored: Approve").waitFor();
    await click(review(ben.page).getByRole("button", { name: "Reject" }));
    const conflict = review(ben.page).getByRole("alert");
    const told = await conflict.locator("p").first().textContent();
    stalled.resolve();
    await ben.page.locator(".badge", { hasText: "Approved" }).first().waitFor();
    const decided = await claims.send("GET", `/api/v1/claims/${id}/decision`);
    expect({
      told,
      by: decided.json.final_decision_by_name,
      decision: decided.json.final_decision,
      problems: [...ada.problems, ...ben.problems],
    }).toEqual({
      told: "Somebody else has changed this claim meanwhile. Look at it again before you decide.",
      by: "Ada",
      decision: "approve",
      problems: [],
    });
  });

  test("information is requested and given, and the claim goes on", async () => {
    const id = await fileClaim(claims, `CLM-${mark}9-0010`);
    await using visitor = await openVisitor(browser, { locale: "fr-FR" });
    const { page, problems } = visitor;
    await open(page, id);
    await fill(page.getByLabel("Commentaire"), "Quelle est la date de l’accident ?");
    await click(page.getByRole("button", { name: "Demander des informations" }));
    await page.locator(".badge", { hasText: "En attente d’informations" }).first().waitFor();
    await upload(page.getByLabel("Fournir un autre document"), pdf(`more with the ${name}`));
    await click(page.getByRole("button", { name: "Lancer le traitement" }));
    await page.getByText("Traitement terminé").nth(1).waitFor();
    await page.locator(".badge", { hasText: "Examen manuel" }).first().waitFor();
    const { json } = await claims.send("GET", `/api/v1/claims/${id}`);
    expect({ status: json.status, runs: await runCount(id), problems }).toEqual({
      status: "manual_review",
      runs: 2,
      problems: [],
    });
  });

  test("a denied claim is explained, and looks different from a failed one", async () => {
    const denied = await fileClaim(claims, `CLM-${mark}7-0008`);
    const failed = await fileClaim(claims, `CLM-${mark}7-0005`);
    await using visitor = await openVisitor(browser);
    const { page, problems } = visitor;
    await open(page, denied);
    const decision = page.getByRole("region", { name: "Decision" });
    const why = await decision.getByRole("status").textContent();
    await click(decision.locator("summary", { hasText: "Evidence" }));
    const hit = await decision.locator(".hit :is(code, .badge, p, dt, dd)").allTextContents();
    await open(page, failed);
    const failure = await decision.getByRole("alert").textContent();
    expect({ why, hit, failure, problems }).toEqual({
      why: "Denied: the rules decided against the claim. This is not a technical failure.",
      hit: [
        "EXCLUSION",
        "Denies",
        "The contract excludes this cause or treatment",
        "Days between",
        "47",
      ],
      failure:
        "Processing failed for a technical reason. No decision was taken; it can be started again.",
      problems: [],
    });
  });
});

test("a page whose service was away for a moment fills itself when it is back", async () => {
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  let isAway = true;
  await page.route("**/statistics/overview", (route) =>
    isAway ? route.fulfill({ status: 503, json: { detail: "not yet" } }) : route.continue(),
  );
  await page.goto(claims.url);
  await page.getByRole("alert").getByText("not yet").waitFor();
  isAway = false;
  await page.getByText("All claims").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

async function runCount(id: string): Promise<number> {
  return (await claims.send("GET", `/api/v1/claims/${id}/runs`)).json.total;
}
