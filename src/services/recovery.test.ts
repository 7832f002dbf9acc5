import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { SQL } from "bun";
import { type PrivatePostgres, startPrivatePostgres } from "../../db/private.ts";
import { missingFrom, writeCustomers } from "../../tests/customer-writes.ts";
import { killPostgres } from "../../tests/kill-postgres.ts";
import { createTestServer } from "../../tests/postgres.ts";
import { runListening, type TestProgram } from "../../tests/program.ts";

// Real processes, killed with SIGKILL: the service, and PostgreSQL with all its processes.

/** What "quickly" means for a failure, in milliseconds: the database's answer limit and a little. */
const quickMs = 6_000;

type Server = Awaited<ReturnType<typeof createTestServer>>;
let server: Server;
let running: PrivatePostgres;

beforeAll(async () => {
  server = await createTestServer();
  running = server;
  await server.ensureDatabase("customers");
  await server.ensureDatabase("orders");
}, 60_000);

afterAll(async () => {
  await running.stop();
  await server.remove();
});

const startService = (name: "customer" | "finance", env: Record<string, string> = {}) =>
  runListening(["bun", `src/services/${name}/main.ts`, "--port", "0"], {
    DATABASE_URL: server.urlOf(name === "customer" ? "customers" : "orders"),
    ...env,
  });

async function startDatabase(): Promise<void> {
  running = await startPrivatePostgres({ folder: server.folder, port: server.port });
}

async function statusOf(service: TestProgram, path: string): Promise<number> {
  return (await fetch(service.url + path)).status;
}

async function untilStatus(service: TestProgram, path: string, status: number): Promise<void> {
  while ((await statusOf(service, path)) !== status) await Bun.sleep(20);
}

describe("a database that goes away", () => {
  test("means 503 in each service's own form, quickly, and both recover by themselves", async () => {
    await using customer = await startService("customer");
    await using finance = await startService("finance");
    await untilStatus(customer, "/actuator/health/readiness", 200);
    await untilStatus(finance, "/actuator/health/readiness", 200);
    await killPostgres(running.pid);

    const startedAt = performance.now();
    const found = await fetch(`${customer.url}/api/customers/AROUT`);
    expect([found.status, await found.json()]).toEqual([
      503,
      {
        timestamp: expect.any(String),
        status: 503,
        error: "Service Unavailable",
        message: "The database is not available",
        errors: null,
      },
    ]);
    const history = await fetch(`${finance.url}/api/finance/orders/history`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"customerId":"AROUT"}',
    });
    expect([history.status, await history.text()]).toEqual([
      503,
      '{"data":null,"success":false,"message":"The database is not available"}',
    ]);
    expect(performance.now() - startedAt).toBeLessThan(quickMs);
    for (const service of [customer, finance]) {
      expect(await statusOf(service, "/actuator/health/liveness")).toBe(200);
      const health = await fetch(`${service.url}/actuator/health`);
      expect([health.status, await health.text()]).toEqual([503, '{"status":"DOWN"}']);
    }

    await startDatabase();
    await untilStatus(customer, "/api/customers/AROUT", 200);
    await untilStatus(finance, "/api/finance/orders/8", 200);
    await untilStatus(finance, "/actuator/health/readiness", 200);
  }, 60_000);

  test("does not keep a service from starting before it", async () => {
    await killPostgres(running.pid);
    await using customer = await startService("customer");
    expect(await statusOf(customer, "/actuator/health/liveness")).toBe(200);
    expect(await statusOf(customer, "/actuator/health/readiness")).toBe(503);
    expect(await statusOf(customer, "/api/customers/AROUT")).toBe(503);
    await startDatabase();
    await untilStatus(customer, "/api/customers/AROUT", 200);
  }, 60_000);
});

describe("what was acknowledged", () => {
  test("is there after the service was killed in the middle of writes", async () => {
    const service = await startService("customer");
    await untilStatus(service, "/actuator/health/readiness", 200);
    const writes = writeCustomers(service, "S", 8);
    await writes.untilAcknowledged(200);
    service.kill("SIGKILL");
    await service.exited;
    await writes.stop();
    expect(await missingFrom(server, writes.acknowledged)).toEqual([]);
    await using again = await startService("customer");
    await untilStatus(again, `/api/customers/${writes.acknowledged.at(-1)}`, 200);
  }, 60_000);

  test("is there after PostgreSQL was killed in the middle of writes", async () => {
    await using service = await startService("customer");
    await untilStatus(service, "/actuator/health/readiness", 200);
    const writes = writeCustomers(service, "P", 8);
    await writes.untilAcknowledged(200);
    await killPostgres(running.pid);
    await startDatabase();
    const before = writes.acknowledged.length;
    await writes.untilAcknowledged(before + 50);
    await writes.stop();
    expect(await missingFrom(server, writes.acknowledged)).toEqual([]);
  }, 60_000);

  test("is answered to the end when the service is asked to stop", async () => {
    const service = await startService("customer");
    await untilStatus(service, "/actuator/health/readiness", 200);
    const sql = new SQL(server.urlOf("customers"), { max: 1 });
    // The lock holds the request in flight until the service has been told to stop.
    const locked = Promise.withResolvers<void>();
    const holding = sql.begin(async (transaction) => {
      await transaction`lock table customer in access exclusive mode`;
      await locked.promise;
    });
    const inFlight = fetch(`${service.url}/api/customers/AROUT`);
    await Bun.sleep(200);
    service.kill("SIGTERM");
    await Bun.sleep(200);
    locked.resolve();
    await holding;
    expect((await inFlight).status).toBe(200);
    expect(await service.exited).toBe(0);
    await sql.close();
  }, 60_000);
});

describe("the listening service", () => {
  test("logs requests with their id and nobody's data", async () => {
    await using service = await startService("customer");
    await untilStatus(service, "/actuator/health/readiness", 200);
    await fetch(
      `${service.url}/api/customers?contactEmail=thomashardy%40example.com&phone=555-7788`,
      {
        headers: { "x-request-id": "trace-me" },
      },
    );
    await fetch(`${service.url}/api/customers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"customerId":"AROUT","companyName":"Hidden","contactEmail":"hidden@example.com"}',
    });
    while (!service.log().includes('"status":409')) await Bun.sleep(5);
    const line =
      service
        .log()
        .split("\n")
        .find((text) => text.includes("trace-me")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({
      requestId: "trace-me",
      method: "GET",
      route: "/api/customers",
      status: 200,
      msg: "request",
    });
    expect(service.log()).not.toMatch(/hardy|555-7788|hidden/i);
  }, 60_000);

  test("understands requests that no fetch would send", async () => {
    await using service = await startService("customer");
    await untilStatus(service, "/actuator/health/readiness", 200);
    const { port } = new URL(service.url);
    const big = "x".repeat(70_000);
    const chunk = `${big.length.toString(16)}\r\n${big}\r\n`;
    const head = "POST /api/customers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const requests: [string, string][] = [
      ["GET /api/customers/AROUT HTTP/1.1\r\nHost: a\r\n\r\n", "200"],
      ["GET /api/customers/NOONE HTTP/1.0\r\n\r\n", "404"],
      ["PROPFIND /api/customers HTTP/1.1\r\nHost: a\r\n\r\n", "405"],
      [`${head}Content-Length: 999999999\r\n\r\n`, "413"],
      [`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(16)}0\r\n\r\n`, "413"],
      [`${head}Content-Length: 0\r\n\r\n`, "400"],
    ];
    for (const [request, status] of requests) {
      const answer = await firstBytes(Number(port), request);
      expect([request.slice(0, 40), answer.split(" ")[1]]).toEqual([request.slice(0, 40), status]);
      // Every answer is the service's own, none the server's.
      expect(answer).toContain('"');
    }
  }, 60_000);
});

function firstBytes(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(bytes.toString());
    });
    socket.once("error", reject);
  });
}
