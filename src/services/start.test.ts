import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { createTestDatabase, type TestDatabase } from "../../tests/postgres.ts";
import { runListening, runToEnd, type TestProgram } from "../../tests/program.ts";

// Real processes: what they read from their environment, and what they do with a port that is taken.

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});

afterAll(() => testDatabase.drop());

const program = ["bun", "src/services/customer/main.ts"];
const start = (env: Record<string, string>) => runListening([...program, "--port", "0"], env);

const withQuery = (query: string) => `${testDatabase.url}?${query}`;
const inJdbcForm = (query: string) => {
  const { host, pathname, username, password } = new URL(testDatabase.url);
  return `jdbc:postgresql://${host}${pathname}?user=${username}&password=${password}&${query}`;
};

async function untilFound(service: TestProgram): Promise<void> {
  const path = `${service.url}/api/customers/AROUT`;
  while ((await fetch(path)).status !== 200) await Bun.sleep(20);
}

async function untilLogged(service: TestProgram, text: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = service
      .log()
      .split("\n")
      .find((candidate) => candidate.includes(text));
    if (line) return JSON.parse(line);
    await Bun.sleep(5);
  }
}

describe("a starting service", () => {
  // Bun shares ports outside development: both processes listened and shared the requests.
  test("refuses a port that another one listens on", async () => {
    await using first = await start({ DATABASE_URL: testDatabase.url });
    const { port } = new URL(first.url);
    const second = await runToEnd([...program, "--port", port]);
    expect([second.code, second.stdout]).toEqual([2, ""]);
    expect(second.stderr).toContain(`Cannot listen on 127.0.0.1:${port}`);
    expect(second.stderr).toContain("Choose another --port, or 0 for a free one.");
  }, 30_000);

  // Bun.sql read DATABASE_URL by itself and sent its query parameters to the server, which knows no such setting.
  test.each([
    ["plain", () => withQuery("currentSchema=plain_schema")],
    ["jdbc", () => inJdbcForm("currentSchema=jdbc_schema")],
  ])(
    "works in the schema that its %s address names",
    async (form, addressOf) => {
      await using service = await start({ DATABASE_URL: addressOf() });
      await untilFound(service);
      const sql = new SQL({ url: testDatabase.url, max: 1 });
      const [row] =
        await sql`select count(*)::int as customers from ${sql(`${form}_schema.customer`)}`;
      await sql.close();
      expect(row.customers).toBe(91);
    },
    30_000,
  );

  test.each([
    ["a parameter for another driver", { DATABASE_URL: () => withQuery("ApplicationName=z") }],
    [
      "an address for another program",
      {
        SPRING_DATASOURCE_URL: () => withQuery("sslmode=allow"),
        POSTGRES_URL: () => "postgres://nobody@127.0.0.1:1/nothing?sslmode=require&options=z",
        PGHOST: () => "127.0.0.9",
      },
    ],
  ])(
    "is not led astray by %s",
    async (_what, env: Record<string, () => string>) => {
      const entries = Object.entries(env).map(([name, text]) => [name, text()]);
      await using service = await start(Object.fromEntries(entries));
      await untilFound(service);
    },
    30_000,
  );

  // Readiness is polled: a line for each poll drowned all others.
  test("logs what clients ask at info and what probes ask at debug", async () => {
    await using service = await start({ DATABASE_URL: testDatabase.url });
    await untilFound(service);
    for (const path of ["health", "health/readiness", "health/liveness", "info"]) {
      await fetch(`${service.url}/actuator/${path}`);
    }
    await fetch(`${service.url}/metrics`);
    await fetch(`${service.url}/api/customers?limit=1`);
    expect(await untilLogged(service, '"route":"/api/customers"')).toMatchObject({ level: 30 });
    expect(service.log()).not.toMatch(/actuator|metrics/);
  });

  // The log had {"type":"Ui","sqlState":"28P01"} and nothing else about a wrong password.
  test.each([
    ["28P01", { SPRING_DATASOURCE_PASSWORD: "wrong" }, /password authentication failed for user/],
    ["3D000", { database: "nowhere" }, /database "nowhere" does not exist/],
  ])("says in its log what the database refuses: %s", async (sqlState, wrong, words) => {
    const { database, ...env } = { database: undefined, ...wrong };
    const address = new URL(testDatabase.url);
    if (database) address.pathname = `/${database}`;
    await using service = await start({ DATABASE_URL: address.href, ...env });
    expect(await untilLogged(service, "database not ready")).toMatchObject({
      failure: { type: "PostgresError", sqlState, message: expect.stringMatching(words) },
    });
  });
});
