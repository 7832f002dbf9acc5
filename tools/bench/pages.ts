import type { Browser, Page } from "playwright-core";
import { openFolder } from "../../tests/berth.ts";
import { openTestClaims, type TestClaims } from "../../tests/claims.ts";
import { startServe } from "../../tests/edge/served.ts";
import { openBrowser, openVisitor } from "../../tests/pagesBrowser.ts";
import { runListening } from "../../tests/program.ts";
import { describeCircumstances } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { claimCount, eventCount, fillWithClaims, fillWithEvents } from "./pagesData.ts";
import { type Goal, printReport, tableOf } from "./report.ts";

/** The promises: first content in milliseconds, scripts in bytes as they are transferred. */
const firstContentMs = 1_000;
const scriptBytes = 200_000;
/** What counts as quick for the long list and the long timeline, in milliseconds. */
const quickMs = 1_000;
/** How often each figure is taken; medians are told. */
const roundCount = 5;

/** The pages in a browser: what comes over the wire, how soon something is seen, and what much data does to them. */
export async function benchPages(options: BenchOptions): Promise<void> {
  using folder = openFolder();
  const claims = await openTestClaims();
  await using berth = await startServe(folder.path, { mcpServers: {} });
  await using chat = await runListening([
    process.execPath,
    "src/services/support-chat/main.ts",
    "--port",
    "0",
  ]);
  const browser = await openBrowser();
  try {
    const pages = { claims: claims.url, console: `${berth.url}/console`, chat: chat.url };
    const loads: Load[] = [];
    for (const [name, url] of Object.entries(pages))
      loads.push(await measureLoad(browser, name, url));
    const long = [...(await measureList(browser, claims)), await measureTimeline(browser, claims)];
    const circumstances = describeCircumstances("pages", "not pinned, all programs on all cores", {
      chromium: browser.version(),
    });
    const goals = [...loads.flatMap(goalsOf), ...long];
    printReport({ circumstances, goals }, [loadsTable(loads)], options.isJson);
  } finally {
    await browser.close();
    await claims.close();
  }
}

interface Load {
  name: string;
  scriptBytes: number;
  styleBytes: number;
  firstContentMs: number;
}

/** Loads a page in fresh browsers without a cache; the source was bundled by a load before. */
async function measureLoad(browser: Browser, name: string, url: string): Promise<Load> {
  const rounds: Load[] = [];
  for (let round = 0; round <= roundCount; round++) {
    await using visitor = await openVisitor(browser);
    await visitor.page.goto(url, { waitUntil: "networkidle" }).catch(() => undefined);
    await visitor.page.locator("main h1, main .card").first().waitFor();
    rounds.push({ name, ...(await visitor.page.evaluate(readTimings)) });
  }
  const measured = rounds.slice(1);
  const paints = measured.map((one) => one.firstContentMs).sort((one, other) => one - other);
  return {
    ...(measured[0] ?? { name, scriptBytes: 0, styleBytes: 0 }),
    firstContentMs: paints[Math.floor(paints.length / 2)] ?? Number.NaN,
  };
}

/** Runs in the page: what the browser has noted of the load. */
function readTimings() {
  const files = performance.getEntriesByType("resource").map((entry) => Object(entry));
  const sum = (end: string) =>
    files
      .filter(({ name }) => name.endsWith(end))
      .reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0);
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return {
    scriptBytes: sum(".js"),
    styleBytes: sum(".css"),
    firstContentMs: paint?.startTime ?? Number.NaN,
  };
}

function goalsOf(load: Load): Goal[] {
  return [
    {
      goal: `${load.name}: first content below ${firstContentMs} ms`,
      measured: `${load.firstContentMs.toFixed(0)} ms`,
      isMet: load.firstContentMs < firstContentMs,
    },
    {
      goal: `${load.name}: scripts below ${scriptBytes / 1_000} kB compressed`,
      measured: `${(load.scriptBytes / 1_000).toFixed(1)} kB`,
      isMet: load.scriptBytes < scriptBytes,
    },
  ];
}

function loadsTable(loads: readonly Load[]): string {
  return tableOf(
    ["page", "scripts kB", "styles kB", "first content ms"],
    loads.map((load) => [
      load.name,
      (load.scriptBytes / 1_000).toFixed(1),
      (load.styleBytes / 1_000).toFixed(1),
      load.firstContentMs.toFixed(0),
    ]),
  );
}

/** Opens, searches and turns the list of many claims. */
async function measureList(browser: Browser, claims: TestClaims): Promise<Goal[]> {
  await fillWithClaims(claims.sql);
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  const count = (text: string) => page.getByRole("status").getByText(text).waitFor();
  const all = (claimCount + 30).toLocaleString("en");
  const opened = await timed(async () => {
    await page.goto(`${claims.url}/#/claims`);
    await count(`${all} claims found`);
  });
  const searched = await timed(async () => {
    await page.getByLabel("Search number, claimant").fill("BULK-077777");
    await count("1 claims found");
  });
  const named = await timed(async () => {
    await page.getByLabel("Search number, claimant").fill("whitfield");
    await count("4,002 claims found");
  });
  await page.goto(`${claims.url}/#/claims?page=2500`);
  await page.getByText("Page 2,500 of").waitFor();
  const turned = await timed(async () => {
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("Page 2,501 of").waitFor();
  });
  const tell = (what: string, ms: number): Goal => ({
    goal: `${claimCount.toLocaleString("en")} claims: ${what} below ${quickMs} ms`,
    measured: `${ms.toFixed(0)} ms`,
    isMet: ms < quickMs,
  });
  return [
    tell("the list is there", opened),
    tell("a search, its pause of 250 ms included,", searched),
    tell("a search for a claimant's name, the same,", named),
    tell("the next of 5,000 pages", turned),
  ];
}

/** Opens a claim on which very much has happened. */
async function measureTimeline(browser: Browser, claims: TestClaims): Promise<Goal> {
  const id = await claims.claimId("CLM-2025-0003");
  await fillWithEvents(claims.sql, id);
  await using visitor = await openVisitor(browser);
  const { page } = visitor;
  const ms = await timed(async () => {
    await page.goto(`${claims.url}/#/claims/${id}`);
    await page.getByText(`step ${eventCount / 2} done`).waitFor();
  });
  const shown = await timed(() => showEarlier(page));
  return {
    goal: `${eventCount.toLocaleString("en")} events: the newest is seen below ${quickMs} ms`,
    measured: `${ms.toFixed(0)} ms; 500 earlier ones on demand in ${shown.toFixed(0)} ms`,
    isMet: ms < quickMs,
  };
}

async function showEarlier(page: Page): Promise<void> {
  await page.getByRole("button", { name: /earlier steps/ }).click();
  await page.locator(".steps > li").nth(400).waitFor();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
