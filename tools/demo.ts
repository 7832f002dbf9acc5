/** `bun run demo`: the stories of FantaCo and of the claims, through real MCP calls; fails when a step fails. */
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { AppError } from "../src/core/fault.ts";
import { version } from "../src/core/version.ts";
import { tellClaims } from "./demoClaims.ts";
import { freePorts, type StackUrls, standardPorts, startStack } from "./stack.ts";

type StoryUrls = Pick<StackUrls, "berth" | "claimsApi">;

const email = "thomashardy@example.com";
/** Claims of the story that did not hold. */
let failures = 0;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof AppError ? error.message : error);
  process.exitCode = 1;
}
process.exit();

async function main(): Promise<number> {
  const running = await runningStack();
  if (running) {
    console.log("Using the servers of `bun run up`.\n");
    return tellStories(running);
  }
  console.log("Nothing is up; starting everything for the length of the story.\n");
  const stack = await startStack(join(import.meta.dir, "..", ".data"), await freePorts());
  try {
    return await tellStories(stack.urls);
  } finally {
    await stack.stop();
  }
}

async function tellStories({ berth, claimsApi }: StoryUrls): Promise<number> {
  await tellFantaCo(berth);
  await tellClaims(claimsApi, check);
  console.log(failures === 0 ? "Every step did what it should." : `${failures} steps failed.`);
  return failures === 0 ? 0 : 1;
}

async function tellFantaCo(berth: string): Promise<void> {
  console.log(`"Find the customer with the e-mail ${email} and show their order history."\n`);
  const found = await callTool(`${berth}/customer-mcp`, "search_customers", {
    contact_email: email,
  });
  const customers = entries(found.results);
  const [customer] = customers;
  check(
    customers.length === 1 && customer?.customerId === "AROUT",
    `one customer has ${email}: AROUT`,
  );

  const history = await callTool(`${berth}/finance-mcp`, "fetch_order_history", {
    customer_id: customer?.customerId,
    limit: 10,
  });
  const numbers = entries(history.data).map((order) => String(order.orderNumber));
  // The seed's three orders, newest first; orders added since may stand among them.
  const seeded = numbers.filter((number) => ["ORD-008", "ORD-003", "ORD-004"].includes(number));
  check(
    seeded.join() === "ORD-008,ORD-003,ORD-004",
    "the orders come newest first: ORD-008, ORD-003, ORD-004",
  );

  for (const order of entries(history.data)) {
    const { orderNumber, orderDate, status, totalAmount } = order;
    console.log(
      `  ${orderNumber}  ${String(orderDate).slice(0, 10)}  ${String(status).padEnd(10)}${totalAmount}`,
    );
  }
  console.log("");
}

async function callTool(
  server: string,
  name: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const client = new Client({ name: "berth-demo", version });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server}/mcp`)));
  console.log(`→ ${name}(${JSON.stringify(args)})  at ${server}/mcp`);
  const began = performance.now();
  const result = await client.callTool({ name, arguments: args });
  await client.close();
  console.log(
    `← ${JSON.stringify(result.structuredContent)}  in ${(performance.now() - began).toFixed(0)} ms`,
  );
  check(result.isError !== true, `${name} answers without an error`);
  return Object(result.structuredContent);
}

function check(holds: boolean, claim: string): void {
  if (!holds) failures++;
  console.log(`  ${holds ? "ok" : "FAILED"}: ${claim}\n`);
}

function entries(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list : [];
}

async function runningStack(): Promise<StoryUrls | undefined> {
  const berth = `http://127.0.0.1:${standardPorts.berth}`;
  const ready = await fetch(`${berth}/readyz`).then(
    async (response) => (response.ok ? Object(await response.json()).servers : undefined),
    () => undefined,
  );
  // Whatever else listens on that port is not ours.
  const isOurs = ready?.["customer-mcp"] && ready["finance-mcp"] && ready["ocr-mcp"];
  return isOurs ? { berth, claimsApi: `http://127.0.0.1:${standardPorts.claimsApi}` } : undefined;
}
