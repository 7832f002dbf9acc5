/** What the images do under restricted-v2: run by `bun run image:test`, which builds them first. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { type PrivatePostgres, startPrivatePostgres } from "../../db/private.ts";
import { version } from "../../src/core/version.ts";
import { type Container, runToEnd, startContainer } from "../../tools/deploy/container.ts";
import { imageFolder, imageTag, ownArch, readArch } from "../../tools/image/arch.ts";
import { connectHttp } from "../clients.ts";
import { callTool } from "../toolCalls.ts";

/** The machine whose images are meant: `bun run image:test --arch` names it. */
const arch = readArch(process.env.IMAGE_ARCH) ?? ownArch;
const tag = imageTag(version, arch);
const berth = `localhost/berth:${tag}`;
const services = `localhost/berth-services:${tag}`;
const documents = join(imageFolder(arch), "documents");
const token = "a-token-of-this-test";
/** How a container should end. */
const clean = { code: 0, changes: [] };
/** Containers are started in each. */
const limitMs = 120_000;

const folder = mkdtempSync(join(tmpdir(), "berth-image-test-"));
let postgres: PrivatePostgres;
beforeAll(async () => {
  postgres = await startPrivatePostgres({ folder: join(folder, "postgres") });
  for (const name of ["customer", "finance", "claims"]) await postgres.ensureDatabase(name);
}, limitMs);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}, limitMs);

const startService = (name: string, database = name) =>
  startContainer({
    image: services,
    args: [name],
    env: {
      DATABASE_URL: postgres.urlOf(database),
      INTERNAL_TOKEN: token,
      API_HOST: "127.0.0.1",
      API_PORT: "0",
      SERVER_PORT: "0",
    },
    flags: [`--volume=${documents}:/mnt/documents:ro`],
  });
const startServer = (name: string, env: Record<string, string> = {}, flags: string[] = []) =>
  startContainer({ image: berth, args: ["serve", name], env, flags });

describe("the services", () => {
  test(
    "answer the two sample requests, and end with code 0 when they are told to",
    async () => {
      await using customer = await startService("customer");
      await using finance = await startService("finance");
      const found = await fetch(
        `${customer.url}/api/customers?contactEmail=thomashardy%40example.com`,
      );
      const history = await fetch(`${finance.url}/api/finance/orders/history`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ customerId: "AROUT", limit: 10 }),
      });
      expect(await found.json()).toEqual([
        expect.objectContaining({ customerId: "AROUT", companyName: "Around the Horn" }),
      ]);
      expect(await history.json()).toMatchObject({
        data: [{ id: 8 }, { id: 3 }, { id: 4 }],
        success: true,
        count: 3,
        message: "Order history retrieved successfully",
      });
      expect(await endings([customer, finance])).toEqual([clean, clean]);
    },
    limitMs,
  );

  test.each(["customer", "finance", "claims"])(
    "two of %s that start at once on an empty database migrate it once",
    async (name) => {
      const database = `twice_${name}`;
      await postgres.ensureDatabase(database);
      const both = await Promise.all([startService(name, database), startService(name, database)]);
      await using _one = both[0];
      await using _other = both[1];
      const sql = new SQL(postgres.urlOf(database));
      const table = { customer: "customer", finance: "orders", claims: "claims" }[name] ?? "";
      const [rows] = await sql.unsafe(`select count(*)::int as count from ${table}`);
      await sql.close();
      expect({
        rows: rows.count,
        failures: both.map(({ log }) => /not ready/.test(log())),
      }).toEqual({
        rows: { customer: 91, finance: 8, claims: 42 }[name],
        failures: [false, false],
      });
    },
    limitMs,
  );

  test("refuse a name that is none of theirs, and say which there are", async () => {
    const { err } = await runToEnd({ image: services, args: ["nope"] }, 2);
    expect(err).toBe(
      'Cannot start "nope": no such service\nhint: The services are customer, finance, claims; give one of them as the first argument.\n',
    );
  });
});

describe("berth serve", () => {
  test(
    "customer and finance answer a tool call under its plain name",
    async () => {
      await using customerApi = await startService("customer");
      await using financeApi = await startService("finance");
      await using customer = await startServer("customer", {
        CUSTOMER_API_BASE_URL: customerApi.url,
      });
      await using finance = await startServer("finance", { FINANCE_API_BASE_URL: financeApi.url });
      await using customers = await connectHttp(`${customer.url}/mcp`);
      await using finances = await connectHttp(`${finance.url}/mcp`);
      const one = await callTool(customers, "get_customer", { customer_id: "AROUT" });
      const orders = await callTool(finances, "fetch_order_history", { customer_id: "AROUT" });
      expect([one.structuredContent.companyName, orders.structuredContent.count]).toEqual([
        "Around the Horn",
        3,
      ]);
      expect(await endings([customer, finance])).toEqual([clean, clean]);
    },
    limitMs,
  );

  test(
    "ocr reads a scan in the image, with the language data that is in it and no network",
    async () => {
      const volume = `--volume=${documents}:/mnt/documents:ro`;
      await using ocr = await startServer("ocr", { OCR_WORKERS: "1" }, [volume]);
      await using reader = await connectHttp(`${ocr.url}/mcp`);
      const { structuredContent, isError } = await callTool(reader, "ocr_document", {
        document_path: "CLM-2025-0014.pdf",
      });
      expect([isError ?? false, /Ingrid Solberg/.test(JSON.stringify(structuredContent))]).toEqual([
        false,
        true,
      ]);
      expect(await endings([ocr])).toEqual([clean]);
    },
    limitMs,
  );

  test(
    "rag and decision answer with the claims service behind them",
    async () => {
      await using claims = await startService("claims");
      const env = { CLAIMS_API_BASE_URL: claims.url, CLAIMS_API_TOKEN: token };
      const index = join(folder, "index");
      mkdirSync(index);
      chmodSync(index, 0o777);
      await using rag = await startServer("rag", { ...env, RAG_DB: "/var/lib/berth/" }, [
        `--volume=${index}:/var/lib/berth`,
      ]);
      await using decision = await startServer("decision", env);
      await using retriever = await connectHttp(`${rag.url}/mcp`);
      await using decider = await connectHttp(`${decision.url}/mcp`);
      const user = await callTool(retriever, "retrieve_user_info", { user_id: "USR001" });
      const tools = await decider.client.listTools();
      expect(user.isError ?? false).toBe(false);
      expect(tools.tools.map(({ name }) => name)).toContain("make_final_decision");
      expect(await endings([rag, decision])).toEqual([clean, clean]);
    },
    limitMs,
  );

  test(
    "finishes the call in flight after SIGTERM, and then ends with code 0",
    async () => {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      await using slow = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        async fetch({ url }) {
          if (!url.includes("/api/customers")) return Response.json({ status: "UP" });
          asked.resolve();
          await released.promise;
          return Response.json({ customerId: "AROUT" });
        },
      });
      await using customer = await startServer("customer", {
        CUSTOMER_API_BASE_URL: slow.url.origin,
      });
      const call = fetch(`${customer.url}/mcp`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "get_customer", arguments: { customer_id: "AROUT" } },
        }),
      });
      await asked.promise;
      const stopped = customer.stop();
      released.resolve();
      const answer = await (await call).text();
      expect([/"customerId":"AROUT"/.test(answer), (await stopped).code]).toEqual([true, 0]);
    },
    limitMs,
  );
});

test(
  "the image of one server alone answers as that server",
  async () => {
    await using api = await startService("customer");
    const env = { CUSTOMER_API_BASE_URL: api.url };
    await using server = await startContainer({
      image: `localhost/customer-mcp:${tag}`,
      args: [],
      env,
    });
    await using client = await connectHttp(`${server.url}/mcp`);
    const { structuredContent } = await callTool(client, "get_customer", { customer_id: "AROUT" });
    expect(structuredContent.companyName).toBe("Around the Horn");
    expect(await endings([server])).toEqual([clean]);
  },
  limitMs,
);

/** How containers end that are told to, and what they wrote outside of their volumes. */
function endings(containers: readonly Container[]) {
  return Promise.all(
    containers.map(async (container) => {
      const { code } = await container.stop();
      return { code, changes: await container.changes() };
    }),
  );
}
