/** The charts' pods, run by podman from our images: both stories of the product, and how the pods end. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type PrivatePostgres, startPrivatePostgres } from "../../db/private.ts";
import { type KubeObject, parseObjects } from "../../tools/deploy/objects.ts";
import { type Played, playPods } from "../../tools/deploy/playPods.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { connectHttp } from "../clients.ts";
import { callTool } from "../toolCalls.ts";
import { untilReady } from "./ready.ts";
import { probeUrlsOf, testScriptsOf } from "./rendered.ts";

const limitMs = 300_000;
const release = `play${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "berth-pods-"));

const names = [
  "customer",
  "finance",
  "customerMcp",
  "financeMcp",
  "backend",
  "ocr",
  "rag",
  "decision",
  "langgraphFastapi",
  "chatUi",
];
const ports: Record<string, number> = {};
const urlOf = (name: string) => `http://127.0.0.1:${ports[name]}`;
const portsOf = (name: string) => ({ service: { port: ports[name], targetPort: ports[name] } });

let postgres: PrivatePostgres;
let played: Played;
let all: KubeObject[] = [];
let isStopped = false;

beforeAll(async () => {
  postgres = await startPrivatePostgres({ folder: join(folder, "postgres") });
  const replicas = ["customer2", "finance2", "backend2"];
  for (const name of [...names, ...replicas]) ports[name] = await freePort();
  all = [...(await render("")), ...(await render("2"))];
  played = await playPods(all);
}, limitMs);
afterAll(async () => {
  if (!isStopped) await played?.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}, limitMs);

/** The objects of all charts for the first replicas (""), of the services alone for the second ("2"). */
async function render(replica: "" | "2"): Promise<KubeObject[]> {
  const databases = {
    customer: "fantaco_customer",
    finance: "fantaco_finance",
    backend: "claims_db",
  };
  const own = async (name: keyof typeof databases) => {
    await postgres.ensureDatabase(databases[name]);
    const { port, username, pathname } = new URL(postgres.urlOf(databases[name]));
    return {
      ...portsOf(`${name}${replica}`),
      image,
      database: {
        url: `postgres://127.0.0.1:${port}${pathname}`,
        username,
        existingSecret: `${release}-database`,
      },
    };
  };
  const image = { repository: "localhost/berth-services" };
  const database = { mode: "external" };
  const app = { database, customer: await own("customer"), finance: await own("finance") };
  const server = (name: string, rest: object = {}) => ({
    ...portsOf(name),
    image: { repository: "localhost/berth" },
    ...rest,
  });
  const isFirst = replica === "";
  const asking = { enabled: isFirst, env: { claimsApiBaseUrl: urlOf("backend") } };
  const claims = {
    database,
    backend: {
      ...(await own("backend")),
      ...(!isFirst && { name: "backend2" }),
      env: {
        ocrServerUrl: `${urlOf("ocr")}/mcp`,
        ragServerUrl: `${urlOf("rag")}/mcp`,
        decisionServerUrl: `${urlOf("decision")}/mcp`,
        environment: "development",
      },
    },
    ocr: server("ocr", { enabled: isFirst }),
    rag: server("rag", asking),
    decision: server("decision", asking),
  };
  if (!isFirst) {
    app.customer = { ...app.customer, ...{ name: "customer2" } };
    app.finance = { ...app.finance, ...{ name: "finance2" } };
  }
  const mcp = {
    customer: server("customerMcp", { env: { customerApiBaseUrl: urlOf("customer") } }),
    finance: server("financeMcp", { env: { financeApiBaseUrl: urlOf("finance") } }),
  };
  const agentEnv = {
    customerMcpServerUrl: `${urlOf("customerMcp")}/mcp`,
    financeMcpServerUrl: `${urlOf("financeMcp")}/mcp`,
    llamaStackBaseUrl: "http://127.0.0.1:1",
  };
  const agents = { image: { repository: "localhost/berth-agents" }, env: agentEnv };
  const agent = {
    langgraphFastapi: { ...portsOf("langgraphFastapi"), ...agents },
    chatUi: { ...portsOf("chatUi"), ...agents },
  };
  const charts: Record<string, object> = {
    "fantaco-app": app,
    claims,
    ...(isFirst && { "fantaco-mcp": mcp, "fantaco-agent": agent }),
  };
  const rendered: KubeObject[] = [];
  for (const [chart, values] of Object.entries(charts)) {
    rendered.push(
      ...parseObjects(
        (await renderChart(chart, { ...values, releasePrefix: true }, { release })).out,
      ),
    );
  }
  // The second replicas share what the first bring with them.
  if (!isFirst) return rendered.filter(({ kind }) => kind === "Deployment");
  return [...rendered, databaseSecret()];
}

function databaseSecret(): KubeObject {
  const password = decodeURIComponent(new URL(postgres.urlOf("postgres")).password);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${release}-database` },
    data: { "database.password": Buffer.from(password).toString("base64") },
    spec: {},
  };
}

describe("the pods of the charts", () => {
  test(
    "are ready, two replicas of each service as well, each database filled once",
    async () => {
      // podman asks none of the probes; they are asked here as a kubelet would.
      expect(new Set(await Promise.all(probeUrlsOf(all).map(untilReady)))).toEqual(new Set([200]));
      const answers = ["customer", "customer2"].map((name) =>
        fetch(`${urlOf(name)}/api/customers`),
      );
      const counts = (await Promise.all(answers)).map((each) => each.headers.get("x-total-count"));
      const claims = await fetch(`${urlOf("backend2")}/api/v1/claims/statistics/overview`);
      expect([counts, (await claims.json()).total_claims]).toEqual([["91", "91"], 30]);
    },
    limitMs,
  );

  test(
    "answer the two sample requests",
    async () => {
      const path = "/api/customers?contactEmail=thomashardy%40example.com";
      const found = await (await fetch(`${urlOf("customer")}${path}`)).json();
      const orders = await fetch(`${urlOf("finance")}/api/finance/orders/history`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ customerId: "AROUT", limit: 10 }),
      });
      expect(found).toEqual([expect.objectContaining({ customerId: "AROUT" })]);
      expect(await orders.json()).toMatchObject({
        data: [{ id: 8 }, { id: 3 }, { id: 4 }],
        count: 3,
      });
    },
    limitMs,
  );

  test.each<[string, string, object, RegExp]>([
    ["customerMcp", "get_customer", { customer_id: "AROUT" }, /Around the Horn/],
    ["financeMcp", "fetch_order_history", { customer_id: "AROUT" }, /ORD-008/],
    ["ocr", "ocr_document", { document_path: "CLM-2025-0001.pdf" }, /Nora Whitfield/],
    ["rag", "retrieve_user_info", { user_id: "USR001" }, /USR001/],
  ])(
    "%s answers a call of %s",
    async (name, tool, args, expected) => {
      await using client = await connectHttp(`${urlOf(name)}/mcp`);
      const { content, isError } = await callTool(client, tool, args);
      expect([isError ?? false, expected.test(JSON.stringify(content))]).toEqual([false, true]);
    },
    limitMs,
  );

  test(
    "pass what helm test asks of them",
    async () => {
      const run = (script: string) => runTool([process.execPath, "--eval", script]);
      const runs = await Promise.all(testScriptsOf(all).map(run));
      const counts = Object.entries(Object.groupBy(runs, ({ out }) => out.trim()));
      const found = counts.map(([said, each = []]) => `${each.length} times: ${said}`);
      expect(found.sort()).toEqual(["4 times: it answers", "5 times: its tools are there"]);
    },
    limitMs,
  );

  test(
    "take a claim from its document to its decision, through the OCR, retrieval and decision servers",
    async () => {
      const api = `${urlOf("backend")}/api/v1/claims`;
      const { claims } = await (await fetch(`${api}?search=CLM-2025-0001`)).json();
      await fetch(`${api}/${claims[0].id}/process?wait=true`, { method: "POST" });
      const decision = await (await fetch(`${api}/${claims[0].id}/decision`)).json();
      expect(decision).toMatchObject({ decision: "approve", payable_amount: 720 });
    },
    limitMs,
  );

  test(
    "find a customer's orders through the question API, and serve the chat page",
    async () => {
      const path = "/find_orders?email=thomashardy%40example.com";
      const found = await (await fetch(`${urlOf("langgraphFastapi")}${path}`)).json();
      const page = await fetch(urlOf("chatUi"));
      expect([found.customer.customerId, found.total_orders]).toEqual(["AROUT", 3]);
      expect([page.status, page.headers.get("content-type")]).toEqual([
        200,
        expect.stringContaining("text/html"),
      ]);
    },
    limitMs,
  );

  test(
    "end with code 0 within their grace, and have written to nothing but their volumes",
    async () => {
      isStopped = true;
      const endings = await played.stop();
      const containers = Object.values(endings);
      expect(containers.map(({ code }) => code)).toEqual(containers.map(() => 0));
      expect(containers.flatMap(({ changes }) => changes)).toEqual([]);
      // Ten of the charts, three second replicas, and those that lay out the sample documents.
      expect(containers.length).toBeGreaterThanOrEqual(13);
    },
    limitMs,
  );
});
