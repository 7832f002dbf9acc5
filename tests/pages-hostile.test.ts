import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { Agent, AgentEvent } from "../src/agent/port.ts";
import { openTestClaims, samplePdf, type TestClaims } from "./claims.ts";
import { openBrowser, openVisitor } from "./pagesBrowser.ts";
import { scriptedAgent } from "./scripted-agent.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const script = `<img src=x onerror="alert('image')"><script>alert('script')</script>`;
/** Turns what follows it round, so that a file or an amount reads as another one. */
const override = "\u202e";
const hostile = `${script}${override}fdp.exe`;
const long = hostile + "x".repeat(1_000_000);

let claims: TestClaims;
let browser: Browser;

beforeAll(async () => {
  [claims, browser] = await Promise.all([openTestClaims({}, hostileAgent), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await claims?.close();
});

/** The scripted agent, whose every tool answers with text that wants to be more than text. */
function hostileAgent(url: () => string): Agent {
  const agent = scriptedAgent(url);
  const poison = (event: AgentEvent): AgentEvent => {
    if (event.type !== "step.completed") return event;
    const { output } = event;
    const field = { value: hostile, confidence: 0.9, page: 1, box: [50, 50, 300, 80], issues: [] };
    const precedent = {
      claim_number: hostile,
      outcome: hostile,
      similarity_score: 1,
      reasoning: long,
    };
    const poisoned = {
      ocr_document: { ...output, raw_text: long, fields: { [hostile]: field } },
      retrieve_similar_claims: { success: true, similar_claims: [precedent] },
    }[event.stepName as string];
    return { ...event, output: poisoned ?? output };
  };
  return {
    ...agent,
    async *run(task, context) {
      for await (const event of agent.run(task, context)) yield poison(event);
    },
  };
}

test("text of strangers is shown as text, wherever it comes from, and nothing is loaded or run", async () => {
  const file = new File([samplePdf("hostile")], `${hostile}.pdf`, { type: "application/pdf" });
  const form = new FormData();
  form.append("file", file);
  const stored = await claims.send("POST", "/api/v1/documents", { body: form });
  const claim = await claims.send("POST", "/api/v1/claims", {
    body: {
      user_id: "USR001",
      claim_number: "HOSTILE-0010",
      document_path: stored.json.document_path,
    },
  });
  const { id } = claim.json;
  await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`, { body: {} });
  // The service takes no such number any more; older rows may have one.
  const number = `<b>${override}1</b> 0010`;
  await claims.sql`update claims set claim_number = ${number}, claim_type = '<i>Auto</i>' where id = ${id}`;
  const reviewer = { reviewer_id: "r", reviewer_name: hostile };
  const comment = { action: "comment", comment: hostile, ...reviewer };
  await claims.send("POST", `/api/v1/review/${id}/action`, { body: comment });

  await using visitor = await openVisitor(browser);
  const { page, problems } = visitor;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${claims.url}/#/claims/${id}`);
  await page.getByText("Run ended").waitFor();
  const closed = page.locator("main details:not([open]) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
  const quoted = page.getByLabel("Result").first();
  await quoted.waitFor();
  const heading = await page.getByRole("heading", { level: 1 }).textContent();
  const [spoken] = await page
    .getByRole("log", { name: "What was said" })
    .locator("p")
    .allTextContents();
  const made = await page.evaluate(
    () => document.querySelectorAll("main img[onerror], main script, main b, main i").length,
  );
  const shownLength = (await quoted.textContent())?.length ?? 0;
  expect({
    heading,
    spoken,
    made,
    isCut: shownLength < 10_000,
    origins: [...new Set(asked.filter((origin) => origin !== "null"))],
    problems,
  }).toEqual({
    heading: "<b>⟦RLO⟧1</b> 0010",
    spoken: `${script}⟦RLO⟧fdp.exe`,
    made: 0,
    isCut: true,
    origins: [claims.url],
    problems: [],
  });
});
