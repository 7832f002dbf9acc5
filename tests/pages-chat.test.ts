import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Script, type ScriptedStack, startScriptedStack } from "./agentStack.ts";
import { openFolder } from "./berth.ts";
import { startService, type TestService } from "./fantaco.ts";
import { findBarriers, keepPicture, openBrowser, openVisitor } from "./pagesBrowser.ts";
import { hands } from "./pagesHand.ts";
import { root, runListening, type TestProgram } from "./program.ts";

// A browser and six programs take their time to start.
setDefaultTimeout(60_000);
const folder = openFolder();
let browser: Browser;
let stack: ScriptedStack;
let services: TestService[];
let servers: TestProgram[];

beforeAll(async () => {
  stack = startScriptedStack();
  [browser, services] = await Promise.all([
    openBrowser(),
    Promise.all([startService("customer"), startService("finance")]),
  ]);
  servers = await Promise.all(
    (["customer", "finance"] as const).map((name, place) =>
      runListening([
        ...[process.execPath, join(root, "mcp", name, "server.ts"), "--transport", "http"],
        ...["--port", "0", `--${name}-api-base-url`, services[place]?.url ?? ""],
      ]),
    ),
  );
});
afterAll(async () => {
  await browser?.close();
  for (const one of [...(servers ?? []), ...(services ?? [])]) await one[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function startChat(...more: string[]): Promise<TestProgram> {
  const [customer, finance] = servers.map(({ url }) => `${url}/mcp`);
  return runListening([
    ...[process.execPath, join(root, "src/services/support-chat/main.ts"), "--port", "0"],
    ...["--customer-server-url", `${customer}`, "--finance-server-url", `${finance}`, ...more],
  ]);
}

const functionCall = (callId: string, name: string, args: object) => ({
  events: [
    {
      type: "response.output_item.done",
      item: { type: "function_call", call_id: callId, name, arguments: JSON.stringify(args) },
    },
  ],
});
const disputeOf = (order: string) => ({
  customer_id: "AROUT",
  order_id: order,
  description: `Charged twice <script>alert(${order})</script>`,
});

/** Looks the customer up, wants to open a dispute, and says what came of it. */
const scriptOf =
  (dispute: object): Script =>
  ({ request }) => {
    const last = Object(request.input.at(-1));
    const said = String(last.output ?? "");
    if (last.role === "user") {
      const count = request.input.filter(({ role }) => role === "user").length;
      if (count > 1) return [functionCall("again", "start_duplicate_charge_dispute", dispute)];
      return [
        functionCall("look", "search_customers", { contact_email: "thomashardy@example.com" }),
      ];
    }
    if (last.call_id === "look") {
      return [
        { say: said.includes("AROUT") ? "I have found Thomas Hardy." : "Nobody found." },
        functionCall("open", "start_duplicate_charge_dispute", dispute),
      ];
    }
    if (said.includes("denied")) return [{ say: "Nothing was changed." }];
    return [{ say: said.includes('"success":true') ? "The dispute is open." : said }];
  };

describe.each(hands)("with the $name", ({ name, click, fill }) => {
  test("a writing call is denied, asked for again and approved, and the conversation is kept", async () => {
    const dispute = disputeOf(name === "pointer" ? "3" : "8");
    stack.script = scriptOf(dispute);
    const database = join(folder.path, `${name}.db`);
    const flags = ["--llamastack-endpoint", stack.url, "--database", database];
    let chat = await startChat(...flags);
    const theme = name === "pointer" ? "light" : "dark";
    await using visitor = await openVisitor(browser, { theme });
    const { page, problems } = visitor;
    await page.goto(chat.url);
    const ask = async (question: string) => {
      await fill(page.getByLabel("Your question"), question);
      await click(page.getByRole("button", { name: "Ask" }));
    };
    await ask("Was Thomas Hardy charged twice?");
    const wanted = page.getByRole("region", { name: "Call of start_duplicate_charge_dispute" });
    await click(wanted.getByRole("button", { name: "Deny" }));
    await page.getByText("Nothing was changed.").waitFor();
    const isKept = await wanted.evaluate((call) => call === document.activeElement);
    await ask("Then open the dispute now.");
    await wanted.last().getByRole("button", { name: "Approve" }).waitFor();
    if (theme === "light") await keepPicture(page, "chat-approval");
    const barriers = await findBarriers(page);
    await click(wanted.last().getByRole("button", { name: "Approve" }));
    await page.getByText("The dispute is open.").waitFor();
    await chat[Symbol.asyncDispose]();
    chat = await startChat(...flags, "--port", new URL(chat.url).port);
    await page.reload();
    await page.getByText("The dispute is open.").waitFor();
    const entries = await page
      .getByRole("log", { name: "Conversation" })
      .locator("> .bubble, > section > .row")
      .allTextContents();
    await click(page.locator("summary").first());
    await page.getByLabel("Result", { exact: true }).first().waitFor();
    barriers.push(...(await findBarriers(page)));
    const listed = await fetch(`${chat.url}/api/tools/list_disputes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ arguments: { customer_id: "AROUT" } }),
    });
    const { output } = await listed.json();
    await chat[Symbol.asyncDispose]();
    expect({
      entries,
      isKept,
      barriers,
      problems,
      opened: output.data[0].description,
    }).toEqual({
      entries: [
        "You: Was Thomas Hardy charged twice?",
        "search_customersdone",
        "Answer: I have found Thomas Hardy.",
        "start_duplicate_charge_disputedenied",
        "Answer: Nothing was changed.",
        "You: Then open the dispute now.",
        "start_duplicate_charge_disputedone",
        "Answer: The dispute is open.",
      ],
      isKept: true,
      barriers: [],
      problems: [],
      opened: dispute.description,
    });
  });
});

test("older pages ask one question and get the whole answer, and nothing is written", async () => {
  stack.script = scriptOf(disputeOf("4"));
  await using chat = await startChat("--llamastack-endpoint", stack.url);
  const ask = async (query: string) => {
    const answer = await fetch(`${chat.url}/api/question${query}`);
    return { status: answer.status, body: await answer.json() };
  };
  expect([await ask("?q=Charged+twice%3F"), await ask("")]).toEqual([
    {
      status: 200,
      body: {
        question: "Charged twice?",
        answer:
          "I have found Thomas Hardy.\n\nA tool that writes was not called: nobody could approve it.",
      },
    },
    { status: 400, body: { error: 'Question parameter "q" is required' } },
  ]);
});

test("a page of another name that resolves to this machine cannot reach the chat", async () => {
  await using chat = await startChat();
  const headers = { host: "evil.example", "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify({ arguments: {} }) };
  const answer = await fetch(`${chat.url}/api/tools/search_customers`, request);
  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 403,
    body: { detail: "Cannot serve the request: its Host is not this machine" },
  });
});

test("the chat speaks French to whoever chooses it, its forms and refusals as well", async () => {
  await using chat = await startChat();
  await using visitor = await openVisitor(browser);
  const { page, problems } = visitor;
  await page.goto(chat.url);
  await page.getByRole("banner").getByRole("combobox").first().selectOption("fr");
  await page.reload();
  // Whether there is a model is known a moment after the page is.
  await page.getByText("Aucun modèle n’est configuré").waitFor();
  const heading = await page.getByRole("heading").first().textContent();
  await page.locator("summary", { hasText: /^get_customer/ }).click();
  const tool = page.locator("details[open]");
  const badge = await tool.locator(".badge").first().textContent();
  await tool.getByRole("button", { name: "Appeler get_customer" }).click();
  const missing = await tool.getByRole("alert").textContent();
  await tool.getByLabel("customer_id").fill("AROUT");
  await page.route("**/api/tools/**", (route) => route.abort());
  await tool.getByRole("button", { name: "Appeler get_customer" }).click();
  await tool.getByText("Le service ne répond pas").waitFor();
  const language = await page.locator("html").getAttribute("lang");
  expect({ heading, badge, missing, language, problems }).toEqual({
    heading: "Outils",
    badge: "lit",
    missing: "customer_id : une valeur est nécessaire",
    language: "fr",
    problems: [],
  });
});

describe.each(hands)("without a model and with the $name", ({ name, click, fill }) => {
  test("the chat says so and offers the tools as forms, those that write after an approval", async () => {
    await using chat = await startChat();
    await using visitor = await openVisitor(browser, { width: 360, theme: "dark" });
    const { page } = visitor;
    await page.goto(chat.url);
    await page.getByText("No model is configured").waitFor();
    await click(page.locator("summary", { hasText: "get_customer" }));
    const opened = page.locator("details[open]");
    await fill(opened.getByLabel("customer_id"), "AROUT");
    await click(page.getByRole("button", { name: "Call get_customer" }));
    const read = await page.getByLabel("Result of get_customer").textContent();
    await click(page.locator("summary", { hasText: "get_customer" }));
    await click(page.locator("summary", { hasText: "start_duplicate_charge_dispute" }));
    await fill(opened.getByLabel("customer_id"), "LONEP");
    await fill(opened.getByLabel("order_id"), name === "pointer" ? "1" : "6");
    await fill(opened.getByLabel("description"), "Charged twice");
    const call = page.getByRole("button", { name: "Call start_duplicate_charge_dispute" });
    const asked = page.getByRole("region", { name: "Approve start_duplicate_charge_dispute" });
    await click(call);
    await click(asked.getByRole("button", { name: "Deny" }));
    await asked.waitFor({ state: "detached" });
    await click(call);
    const barriers = await findBarriers(page);
    await click(asked.getByRole("button", { name: "Approve" }));
    const written = page.getByLabel("Result of start_duplicate_charge_dispute");
    expect({
      customer: JSON.parse(read ?? "null").customerId,
      dispute: JSON.parse((await written.textContent()) ?? "null").data.description,
      barriers: [...barriers, ...(await findBarriers(page))],
      width: await page.evaluate(() => document.documentElement.scrollWidth),
    }).toEqual({ customer: "AROUT", dispute: "Charged twice", barriers: [], width: 360 });
  });
});
