import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { findBarriers, openVisitor } from "./pagesBrowser.ts";
import { fileClaim, openReadingClaims, openStage } from "./pagesClaims.ts";
import { hands } from "./pagesHand.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const { claims, browser } = await openStage(openReadingClaims);

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

describe.each(hands)("with the $name", ({ name, click, fill, choose, tick }) => {
  const mark = name === "pointer" ? "1" : "2";

  test("what was read is drawn on the document, and a chosen field is marked in both places", async () => {
    const id = await fileClaim(claims, `DOC-${mark}-0010`);
    await using visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${claims.url}/#/claims/${id}`);
    const sheet = page.getByRole("figure", { name: "Page 1" });
    await sheet.locator("canvas").waitFor();
    await click(page.getByRole("button", { name: "Amount", exact: true }));
    const marked = sheet.getByRole("button", { name: "Amount: 1,980.00 USD", pressed: true });
    const place = await marked.getAttribute("style");
    await tick(page.getByLabel("Show words"));
    await sheet.locator(".word").nth(1).waitFor();
    const drawn = await sheet.locator(".word").all();
    const words = await Promise.all(drawn.map((word) => word.getAttribute("title")));
    const fields = await page.locator(".fields button").allTextContents();
    expect({ fields, words, place }).toEqual({
      fields: ["Policy number", "Amount"],
      words: ["Policy", "Amount"],
      place: "left: 33.6134%; top: 35.6295%; width: 13.4454%; height: 1.42518%;",
    });
  });

  test("a reviewer sees what the rules found, what was alike and what the policy says", async () => {
    const id = await fileClaim(claims, `SEE-${mark}-0010`);
    await using visitor = await openVisitor(browser, { locale: "fr-FR" });
    const { page } = visitor;
    await page.goto(`${claims.url}/#/claims/${id}`);
    const decision = region(page, "Décision");
    await click(decision.getByText("Éléments"));
    const hit = await decision
      .locator(".hit")
      .locator("strong, code, .badge, p, dt, dd")
      .allTextContents();
    const found = region(page, "Précédents");
    const alike = await found.locator("li").first().locator("a, .badge, p").allTextContents();
    await click(found.locator("summary", { hasText: "Auto filing" }));
    await found.getByText("Within 30 days.").waitFor();
    const personal = region(page, "Données personnelles trouvées et masquées");
    await click(personal.locator("summary"));
    await personal.locator("code").waitFor();
    const masked = await personal.locator("li").locator(".badge, code").allTextContents();
    expect({ hit, alike, masked }).toEqual({
      hit: [
        "Il manque quelque chose",
        "MISSING_FIELD",
        "Doute",
        "Une indication nécessaire manque ou ne peut pas être utilisée",
        "Jours écoulés",
        "47",
      ],
      alike: ["CLM-2024-0001", "Refusée", "Filed too late."],
      masked: ["e-mail", "[EMAIL_1]"],
    });
  });

  test("a reviewer comments and asks the agent, and an earlier run can be opened", async () => {
    const id = await fileClaim(claims, `ASK-${mark}-0010`);
    await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`, { body: {} });
    await using visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${claims.url}/#/claims/${id}`);
    const review = region(page, "Review");
    // By the hand of neither: the keyboard's Enter in a comment is a line.
    await review.getByLabel("Comment", { exact: true }).fill("The date is missing.\nPlease ask.");
    await click(review.getByRole("button", { name: "Send comment" }));
    const said = review.getByRole("log", { name: "What was said" });
    const comment = said.getByText("The date is missing.");
    await comment.waitFor();
    // What a reader copies from the page is as it looks.
    await comment.selectText();
    const lines = (await page.evaluate(() => String(getSelection()))).trim().split("\n");
    await fill(review.getByLabel("Question to the agent"), "Which date?");
    await click(review.getByRole("button", { name: "Ask the agent" }));
    await said.getByText('Asked "Which date?"').waitFor();
    const runs = region(page, "Runs");
    await click(runs.locator("summary").nth(1));
    const earlier = runs.locator(".run");
    await earlier.getByText("Something is missing").waitFor();
    const [first] = await earlier.locator("ol > li > .row").allTextContents();
    const count = await runs.locator(":scope > ol > li").count();
    expect({ lines, count, first: first?.replace(/\d+ ms$/, "") }).toEqual({
      lines: ["The date is missing.", "Please ask."],
      count: 2,
      first: "Read the documentDone",
    });
  });

  test("the list is searched, filtered, sorted and paged by the service", async () => {
    await fileClaim(claims, `LIST-${mark}-0001`);
    await fileClaim(claims, `LIST-${mark}-0008`);
    await using visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${claims.url}/#/claims`);
    const found = page.getByRole("status");
    const numbers = () => page.locator("tbody a").allTextContents();
    await fill(page.getByLabel("Search number, claimant"), `list-${mark}`);
    // At once, while the search still waits for more letters: neither may undo the other.
    await choose(page.getByLabel("Order"), "Number");
    await found.getByText("2 claims found", { exact: true }).waitFor();
    await page.locator("tbody tr").first().getByText("0001").waitFor();
    const sorted = await numbers();
    await choose(page.getByLabel("Outcome"), "Denied");
    await found.getByText("1 claim found", { exact: true }).waitFor();
    const denied = await numbers();
    // A link clears what was searched for, in the list and in its field.
    await click(page.getByRole("navigation").getByRole("link", { name: "Claims", exact: true }));
    await page.locator("tbody tr").nth(19).waitFor();
    const field = await page.getByLabel("Search number, claimant").inputValue();
    await page.goto(`${claims.url}/#/claims?search=2025`);
    await click(page.getByRole("button", { name: "Next page" }));
    await page.getByText("Page 2 of 2").waitFor();
    const second = await numbers();
    expect({ sorted, denied, field, second: second.length }).toEqual({
      sorted: [`LIST-${mark}-0001`, `LIST-${mark}-0008`],
      denied: [`LIST-${mark}-0008`],
      field: "",
      second: 10,
    });
  });

  test("language and theme are chosen, and are there again after a reload", async () => {
    await using visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(claims.url);
    // Not by their labels, which change with the language.
    const choices = page.getByRole("banner").getByRole("combobox");
    await choose(choices.first(), "Français");
    await choose(choices.last(), "Sombre");
    await page.reload();
    await page.getByRole("heading", { name: "Vue d’ensemble" }).waitFor();
    const root = page.locator("html");
    expect([await root.getAttribute("lang"), await root.getAttribute("data-theme")]).toEqual([
      "fr",
      "dark",
    ]);
  });
});

test("the room and the timeline come back by themselves when their connections were lost", async () => {
  const id = await fileClaim(claims, "LOST-0010");
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  let roomCount = 0;
  let streamCount = 0;
  await page.routeWebSocket("**/ws/review/**", (socket) => {
    const isFirst = ++roomCount === 1;
    const server = socket.connectToServer();
    server.onMessage((message) => (isFirst ? socket.close() : socket.send(message)));
  });
  await page.route("**/events?*", (route) =>
    ++streamCount === 1 ? route.abort() : route.continue(),
  );
  await page.goto(`${claims.url}/#/claims/${id}`);
  await page.getByText("Run ended").waitFor();
  const review = region(page, "Review");
  await review.getByText("Nobody else is here.").waitFor();
  await page.getByLabel("Message to the other reviewers").fill("Back again.");
  await page.getByRole("button", { name: "Send message" }).click();
  await review.getByRole("log").getByText("Back again.").waitFor();
  expect([roomCount, streamCount]).toEqual([2, 2]);
});

const parts = ["#/", "#/claims", "#/new", "#/admin", "#/nowhere", "#/claims/%id"];

for (const theme of ["light", "dark"] as const) {
  test(`no part of the claims page has a serious barrier in the ${theme} theme, with everything open`, async () => {
    const [width, locale] = theme === "light" ? [1280, "en-GB"] : [360, "fr-FR"];
    await using visitor = await openVisitor(browser, { theme, width, locale });
    const { page } = visitor;
    const id = await fileClaim(claims, `AXE-${theme}-0010`);
    const reviewer = { reviewer_id: "r", reviewer_name: "Ada" };
    const body = { action: "comment", comment: "Look at this.", ...reviewer };
    await claims.send("POST", `/api/v1/review/${id}/action`, { body });
    const found: string[] = [];
    const widths = new Set<number>();
    for (const part of parts) {
      await page.goto(`${claims.url}/${part.replace("%id", id)}`);
      await page.locator("main > *").first().waitFor();
      await page.waitForLoadState("networkidle");
      if (part.includes("%id")) await openEverything(page);
      found.push(...(await findBarriers(page)).map((barrier) => `${part} ${barrier}`));
      widths.add(await page.evaluate(() => document.documentElement.scrollWidth));
    }
    expect({ found, widths: [...widths] }).toEqual({ found: [], widths: [width] });
  });
}

async function openEverything(page: Page): Promise<void> {
  await page.locator(".sheet > canvas").waitFor();
  await page.getByRole("checkbox").last().check();
  await page.locator(".sheet .word").first().waitFor();
  const closed = page.locator("main details:not([open]) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
  await page.locator(".run .hit").waitFor();
}
