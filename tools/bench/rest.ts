import { isDeepStrictEqual } from "node:util";
import { SQL } from "bun";
import { freePort } from "../../db/private.ts";
import { describeCircumstances, versionsOf } from "./machine.ts";
import { measure, type Row, type Target } from "./measure.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { pinning } from "./program.ts";
import { pythonVersions } from "./python.ts";
import { findRow, type Goal, loadTable, printReport } from "./report.ts";
import { type Domain, ours, type RestContender, restContenders } from "./restContenders.ts";
import { startDatabase } from "./services.ts";

/** One kind of request, asked of every contender. */
interface Task {
  name: string;
  domain: Domain;
  path: string;
  body?: string;
  /** Bytes that every right answer holds. */
  expected: string;
}

const tasks: readonly Task[] = [
  {
    name: "GET by id",
    domain: "customer",
    path: "/api/customers/AROUT",
    expected: '"companyName":"Around the Horn"',
  },
  {
    name: "search contact",
    domain: "customer",
    path: "/api/customers?contactName=wilson",
    expected: '"customerId":"RATTC"',
  },
  {
    name: "search phone",
    domain: "customer",
    path: "/api/customers?phone=030",
    expected: '"customerId":"ALFKI"',
  },
  {
    name: "order history",
    domain: "finance",
    path: "/api/finance/orders/history",
    body: JSON.stringify({ customerId: "AROUT", limit: 10 }),
    expected: '"orderNumber":"ORD-008"',
  },
];

/** The REST services on PostgreSQL, beside Elysia on bare postgres.js and FastAPI on asyncpg. */
export async function benchRest(options: BenchOptions): Promise<void> {
  const database = await startDatabase();
  const rows: Row[] = [];
  const started: Awaited<ReturnType<RestContender["start"]>>[] = [];
  try {
    const urls = {
      customer: database.urlOf("fantaco_customer"),
      finance: database.urlOf("fantaco_finance"),
    };
    // Ours come first: they make the tables and load the sample rows that all contenders read.
    for (const contender of restContenders) {
      if (contender.name !== ours && !isSelected(options.only, contender.name)) continue;
      started.push(await contender.start(urls, freePort));
    }
    for (const task of tasks) {
      if (!isSelected(options.tasks, task.name)) continue;
      rows.push(...(await measure(await targetsFor(task, started), options)));
    }
    const versions = { ...versionsOf(["elysia", "drizzle-orm", "postgres"]), ...pythonVersions() };
    const PostgreSQL = await serverVersion(urls.customer);
    const circumstances = describeCircumstances("rest", pinning, { ...versions, PostgreSQL });
    const report = { circumstances, rows, goals: judge(rows) };
    printReport(report, [loadTable(rows, ours)], options.isJson);
  } finally {
    await Promise.all(started.flatMap(({ programs }) => programs.map((program) => program.stop())));
    await database.stop();
  }
}

async function targetsFor(
  task: Task,
  started: readonly Awaited<ReturnType<RestContender["start"]>>[],
): Promise<Target[]> {
  const requestTo = (url: string): Target["request"] => ({
    url: url + task.path,
    method: task.body === undefined ? "GET" : "POST",
    headers: {
      accept: "application/json",
      ...(task.body !== undefined && { "content-type": "application/json" }),
    },
    ...(task.body !== undefined && { body: task.body }),
    expected: task.expected,
  });
  const first = requestTo(started[0]?.urls[task.domain] ?? "");
  const { url, method, headers, body } = first;
  const wanted = await (await fetch(url, { method, headers, ...(body && { body }) })).json();
  return started.map(({ name, urls, programOf }) => ({
    name,
    task: task.name,
    program: programOf(task.domain),
    request: requestTo(urls[task.domain]),
    check(answer) {
      if (!isDeepStrictEqual(JSON.parse(answer), wanted)) throw new Error(`not ${ours}'s answer`);
    },
  }));
}

async function serverVersion(url: string): Promise<string> {
  const sql = new SQL(url, { max: 1 });
  const [row] = await sql`show server_version`;
  await sql.close();
  return String(row?.server_version);
}

/** At every number of connections, the one that is worst for us counts. */
function judge(rows: readonly Row[]): Goal[] {
  const goals = tasks.flatMap(({ name: task }) => [
    ...compare(rows, { task, peer: "elysia + postgres.js", least: 0.7 }),
    ...compare(rows, { task, peer: "fastapi + asyncpg", least: 4 }),
  ]);
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  return [...goals, { goal: "no wrong answer", measured: `${errors}`, isMet: errors === 0 }];
}

function compare(
  rows: readonly Row[],
  { task, peer, least }: { task: string; peer: string; least: number },
): Goal[] {
  const ratios = rows
    .filter((row) => row.task === task && row.name === ours)
    .map(({ connections, requestsPerSecond }) => {
      const other = findRow(rows, { task, connections, name: peer });
      return requestsPerSecond / (other?.requestsPerSecond ?? Number.NaN);
    })
    .filter((ratio) => !Number.isNaN(ratio));
  if (ratios.length === 0) return [];
  const worst = Math.min(...ratios);
  const goal = `${task}: at least ${least}x ${peer}`;
  return [
    {
      goal,
      measured: ratios.map((ratio) => `${ratio.toFixed(2)}x`).join(", "),
      isMet: worst >= least,
    },
  ];
}
