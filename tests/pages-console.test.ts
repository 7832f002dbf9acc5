import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openFolder, writeFiles } from "./berth.ts";
import { callTool } from "./edge/calls.ts";
import { startServe } from "./edge/served.ts";
import { findBarriers, openBrowser, openVisitor } from "./pagesBrowser.ts";
import { hands } from "./pagesHand.ts";

// A browser and its servers take their time to start.
setDefaultTimeout(60_000);

const fixture = join(import.meta.dir, "edge", "fixture.ts");
const folder = openFolder();
let berth: Awaited<ReturnType<typeof startServe>>;
let browser: Browser;

beforeAll(async () => {
  const permissions = { read: true, env: ["PATH"] };
  const server = { command: process.execPath, args: [fixture], permissions };
  writeFiles(folder.path, { version: "7" });
  const narrow = { read: [dirname(fixture), "version", "unused"] };
  const reading = { ...server, args: [fixture, "version"], permissions: narrow };
  [berth, browser] = await Promise.all([
    startServe(folder.path, { mcpServers: { pointer: server, keyboard: server, reading } }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await berth?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe.each(hands)("with the $name", ({ name, click, fill }) => {
  test("a tool is tried in the console, and its call shows in the log", async () => {
    await using visitor = await openVisitor(browser);
    const { page, problems } = visitor;
    await page.goto(`${berth.url}/console`);
    await click(page.getByRole("row").getByRole("link", { name }));
    await page
      .getByText("Live")
      .or(page.getByRole("heading", { name: "Tools" }))
      .first()
      .waitFor();
    await click(page.locator("summary", { hasText: /^echo/ }));
    await fill(page.locator("details[open]").getByLabel("text"), "over <b>there</b>");
    await click(page.getByRole("button", { name: "Call echo", exact: true }));
    const result = await page.getByLabel("Result of echo", { exact: true }).textContent();
    const row = page.getByRole("region", { name: "Calls" }).getByRole("row", { name: /echo/ });
    await row.waitFor();
    const [, server, call, caller, outcome] = await row.getByRole("cell").allTextContents();
    expect({ result, server, call, caller, outcome, problems }).toEqual({
      result: "over <b>there</b>",
      server: name,
      call: "echo",
      caller: "anyone",
      outcome: "ok",
      problems: [],
    });
  });

  test("a bundle crashes and is seen to start again", async () => {
    await using visitor = await openVisitor(browser);
    const { page, problems } = visitor;
    await page.goto(`${berth.url}/console#/${name}`);
    const happened = page.getByRole("log", { name: "What happened" });
    await happened.getByText("ready").first().waitFor();
    await click(page.locator("summary", { hasText: /^crash/ }));
    await click(page.getByRole("button", { name: "Call crash", exact: true }));
    await happened.getByText("exit", { exact: true }).waitFor();
    await happened.getByText("ready").nth(1).waitFor();
    const kinds = await happened.locator("strong").allTextContents();
    const state = page.getByRole("region", { name: "State" });
    await state.getByText("crash 1").waitFor();
    expect({ kinds, problems }).toEqual({
      kinds: ["boot", "ready", "exit", "boot", "ready"],
      problems: [],
    });
  });

  test("the console's data is only for callers whom Berth knows, and the texts to copy have a place for the token", async () => {
    using other = openFolder();
    const token = "ada-token-of-the-tests-0123456789";
    const auth = { tokens: [{ name: "ada", token: "${env:ADA}", tail: true }] };
    const mcpServers = { true: { command: process.execPath, args: [fixture] } };
    await using closed = await startServe(other.path, { mcpServers, auth }, { ADA: token });
    await using visitor = await openVisitor(browser);
    const { page } = visitor;
    const refused = await fetch(`${closed.url}/console/state`);
    await page.goto(`${closed.url}/console`);
    await fill(page.getByLabel("Berth asks for a bearer token"), token);
    await click(page.getByRole("button", { name: "Continue" }));
    await page.getByText("as ada").waitFor();
    await click(page.getByRole("navigation").getByRole("link", { name: "Registration" }));
    const form = (title: string) =>
      page.getByRole("region", { name: `Text: ${title}` }).textContent();
    const desktop = JSON.parse((await form("Desktop hosts")) ?? "");
    expect({
      status: refused.status,
      desktop,
      connectors: Bun.YAML.parse((await form("Llama Stack from 0.5: connectors")) ?? ""),
    }).toEqual({
      status: 401,
      desktop: {
        mcpServers: {
          true: {
            type: "http",
            url: `${closed.url}/true/mcp`,
            headers: { Authorization: "Bearer ${BERTH_TOKEN}" },
          },
        },
      },
      connectors: {
        connectors: [
          {
            connector_id: "true",
            connector_type: "mcp",
            server_label: "true",
            url: `${closed.url}/true/text/mcp`,
          },
        ],
      },
    });
  });
});

test("calls that ended before the page was opened are in its log and its charts", async () => {
  await callTool(`${berth.url}/pointer/mcp`, "version", {});
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  await page.goto(`${berth.url}/console`);
  const row = page.getByRole("row", { name: /version/ });
  await row.waitFor();
  const [, server, call] = await row.getByRole("cell").allTextContents();
  const chart = page.getByRole("img", { name: /^Calls per second/ });
  const most = /, ([\d.]+) at most/.exec((await chart.getAttribute("aria-label")) ?? "")?.[1];
  expect({ server, call, isCounted: Number(most) > 0 }).toEqual({
    server: "pointer",
    call: "version",
    isCounted: true,
  });
});

test.skipIf(process.platform !== "linux")(
  "what a bundle has read of what it is granted is shown as used, in the reader's language",
  async () => {
    await using visitor = await openVisitor(browser, { locale: "fr-FR" });
    const { page, problems } = visitor;
    await page.goto(`${berth.url}/console#/`);
    const title = await page.getByRole("heading", { level: 1 }).textContent();
    await page.goto(`${berth.url}/console#/reading`);
    const permissions = page.getByRole("region", { name: "Permissions" });
    await permissions.getByText("/version.").waitFor();
    const heads = await permissions.getByRole("heading").allTextContents();
    const used = await permissions.locator("ul").last().locator("li").allTextContents();
    await page.goto(`${berth.url}/console#/pointer`);
    await permissions.getByText("ne sont pas observés").first().waitFor();
    const everywhere = await permissions.locator("ul").last().locator("li").allTextContents();
    expect({ title, heads, used: used.sort(), everywhere, problems }).toEqual({
      title: "Serveurs",
      heads: ["Permissions", "Demande", "Reçoit", "Peut faire", "A utilisé"],
      used: [`A lu dans ${dirname(fixture)}.`, `A lu dans ${join(folder.path, "version")}.`].sort(),
      everywhere: ["Les fichiers qu’il lit ne sont pas observés."],
      problems: [],
    });
  },
);

for (const theme of ["light", "dark"] as const) {
  test(`no part of the console has a serious barrier in the ${theme} theme`, async () => {
    await using visitor = await openVisitor(browser, { theme, width: 360 });
    const { page, problems } = visitor;
    const found: string[] = [];
    const widths = new Set<number>();
    for (const part of ["#/", "#/pointer", "#/register/"]) {
      await page.goto(`${berth.url}/console${part}`);
      await page.locator(".card").first().waitFor();
      if (part === "#/pointer") await tryEcho(page);
      found.push(...(await findBarriers(page)).map((barrier) => `${part} ${barrier}`));
      widths.add(await page.evaluate(() => document.documentElement.scrollWidth));
    }
    expect({ found, problems, widths: [...widths] }).toEqual({
      found: [],
      problems: [],
      widths: [360],
    });
  });
}

/** Opens a tool and calls it, so that a form, a result and a line of the log are there. */
async function tryEcho(page: Page): Promise<void> {
  await page.locator("summary", { hasText: /^echo/ }).click();
  await page.getByRole("button", { name: "Call echo", exact: true }).click();
  await page.getByLabel("Result of echo", { exact: true }).waitFor();
  await page.getByRole("row", { name: /echo/ }).first().waitFor();
}
