import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startScriptedStack } from "./agentStack.ts";
import { openFolder, writeBundle } from "./berth.ts";
import { startServe } from "./edge/served.ts";
import { openBrowser, openVisitor } from "./pagesBrowser.ts";
import { root, runListening } from "./program.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const hostile = `<img src=x onerror="alert('image')"><script>alert(1)</script>\u202efdp.exe`;
const shown = `<img src=x onerror="alert('image')"><script>alert(1)</script>⟦RLO⟧fdp.exe`;
/** The most text that a page may hold when the strangers have sent a million characters several times. */
const pageLimit = 60_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** What a page has made of the text: elements of it, which there must be none, and whether it holds too much. */
async function traces(page: Page) {
  const made = await page.locator("main :is(img, script, b, i)").count();
  const { length } = (await page.locator("main").textContent()) ?? "";
  return { made, isLong: length > pageLimit };
}

test("bundles, tools, results and stderr of strangers are shown as text in the console", async () => {
  using folder = openFolder();
  writeBundle(join(folder.path, "bundle"), { display_name: hostile, description: hostile });
  const server = join(import.meta.dir, "pages-hostile-fixture.ts");
  const permissions = { read: true, env: ["PATH"] };
  await using berth = await startServe(folder.path, {
    mcpServers: {
      bundle: { bundle: "./bundle" },
      stranger: { command: process.execPath, args: [server, hostile], permissions },
    },
  });
  await using visitor = await openVisitor(browser, { width: 360 });
  const { page } = visitor;
  await page.goto(`${berth.url}/console#/bundle`);
  const title = await page.getByRole("heading", { level: 1 }).locator("bdi").textContent();
  const told = await page.locator("main > p").textContent();
  await page.goto(`${berth.url}/console#/stranger`);
  await page.locator("summary", { hasText: "onerror" }).click();
  await page.getByLabel(shown, { exact: true }).fill(hostile);
  await page.getByRole("button", { name: /^Call / }).click();
  const result = page.getByLabel(/^Result of /);
  await result.waitFor();
  await page.getByRole("row", { name: /onerror/ }).waitFor();
  const stderr = await page.getByRole("log", { name: "stderr" }).locator("div").first();
  expect({
    title,
    told,
    stderr: await stderr.textContent(),
    result: (await result.textContent())?.slice(0, shown.length),
    width: await page.evaluate(() => document.documentElement.scrollWidth),
    ...(await traces(page)),
  }).toEqual({
    title: shown,
    told: shown,
    stderr: shown,
    result: shown,
    width: 360,
    made: 0,
    isLong: false,
  });
});

test("what a model says and asks for is shown as text in the chat", async () => {
  await using stack = startScriptedStack();
  stack.script = ({ request }) =>
    request.input.at(-1)?.role === "user"
      ? [
          { say: hostile },
          {
            events: [
              {
                type: "response.output_item.done",
                item: {
                  type: "function_call",
                  call_id: hostile,
                  name: hostile,
                  arguments: JSON.stringify({ [hostile]: "x".repeat(1_000_000) }),
                },
              },
            ],
          },
        ]
      : [{ say: "Over." }];
  await using chat = await runListening([
    ...[process.execPath, join(root, "src/services/support-chat/main.ts"), "--port", "0"],
    ...["--llamastack-endpoint", stack.url],
    // Nobody answers there: the page tells why there are no tools.
    ...["--customer-server-url", "http://127.0.0.1:9/mcp"],
    ...["--finance-server-url", "http://127.0.0.1:9/mcp"],
  ]);
  await using visitor = await openVisitor(browser, { width: 360 });
  const { page } = visitor;
  await page.goto(chat.url);
  await page.getByLabel("Your question").fill(hostile);
  await page.getByRole("button", { name: "Ask" }).click();
  const log = page.getByRole("log", { name: "Conversation" });
  await log.getByText("Over.").waitFor();
  await log.locator("summary").click();
  const bubbles = await log.locator(".bubble").allTextContents();
  const call = await log.locator("code").first().textContent();
  expect({
    bubbles,
    call,
    width: await page.evaluate(() => document.documentElement.scrollWidth),
    ...(await traces(page)),
  }).toEqual({
    bubbles: [`You: ${shown}`, `Answer: ${shown}`, "Answer: Over."],
    call: shown,
    width: 360,
    made: 0,
    isLong: false,
  });
});
