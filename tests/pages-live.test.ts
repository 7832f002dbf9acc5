import { expect, setDefaultTimeout, test } from "bun:test";
import type { Agent } from "../src/agent/port.ts";
import { openTestClaims } from "./claims.ts";
import { openVisitor } from "./pagesBrowser.ts";
import { fileClaim, openStage } from "./pagesClaims.ts";
import { scriptedAgent } from "./scripted-agent.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const isSeen = Promise.withResolvers<void>();

/** Waits in the middle of a run until somebody has seen how far it is. */
function waitingAgent(url: () => string): Agent {
  const agent = scriptedAgent(url);
  return {
    ...agent,
    async *run(task, context) {
      for await (const event of agent.run(task, context)) {
        yield event;
        const isHalf = event.type === "step.completed" && event.stepName === "retrieve_user_info";
        if (isHalf) await isSeen.promise;
      }
    },
  };
}

const { claims, browser } = await openStage(() => openTestClaims({}, waitingAgent));

test("how far a run is, is shown as the service counts it", async () => {
  const id = await fileClaim(claims, "HALF-0001", { isProcessed: false });
  await using visitor = await openVisitor(browser, { locale: "fr-FR" });
  const { page } = visitor;
  await page.goto(`${claims.url}/#/claims/${id}`);
  await page.getByRole("button", { name: "Lancer le traitement" }).click();
  await page.getByText(/^Avancement\s:\s50\s%/).waitFor();
  const bar = page.locator("progress");
  const status = await claims.send("GET", `/api/v1/claims/${id}/status`);
  const shown = await bar.getAttribute("value");
  isSeen.resolve();
  await page.getByText("Traitement terminé").waitFor();
  await bar.waitFor({ state: "detached" });
  expect([shown, status.json.progress_percentage]).toEqual(["50", 50]);
});
