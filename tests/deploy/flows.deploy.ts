/** The network policies of charts that are installed side by side: each call that the values bring about gets through. */
import { expect, test } from "bun:test";
import { type KubeObject, parseObjects } from "../../tools/deploy/objects.ts";
import { findBlockedFlows, flowsOf, tell } from "../../tools/deploy/policyFlows.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { find } from "./rendered.ts";

/** The first run of a machine builds helm. */
const limitMs = 600_000;

async function renderAll(values: Readonly<Record<string, object>>): Promise<KubeObject[]> {
  const rendered = Object.entries(values).map(([chart, each]) => renderChart(chart, each));
  return (await Promise.all(rendered)).flatMap(({ out }) => parseObjects(out));
}

const blocked = (objects: KubeObject[]) =>
  findBlockedFlows({ objects, isOpenshift: true, foreign: [] });

test(
  "FantaCo's programs, databases, routers and monitors reach whom they are to reach, and nobody else is asked",
  async () => {
    const watched = { serviceMonitor: { enabled: true } };
    const values = { "fantaco-app": watched, "fantaco-mcp": watched, "fantaco-agent": watched };
    const objects = await renderAll(values);
    const programs: Readonly<Record<string, number>> = {
      "fantaco-customer-main": 8081,
      "fantaco-finance-main": 8082,
      "mcp-customer": 8001,
      "mcp-finance": 8002,
      "langgraph-fastapi": 8000,
      "simple-agent-chat-ui": 3000,
    };
    const outside = Object.entries(programs).flatMap(([name, port]) =>
      ["the router", "the monitoring"].map((from) => `${from} -> ${name}:${port}`),
    );
    const inside = [
      "fantaco-customer-main -> postgresql-customer:5432",
      "fantaco-finance-main -> postgresql-finance:5432",
      "mcp-customer -> fantaco-customer-main:8081",
      "mcp-finance -> fantaco-finance-main:8082",
      "langgraph-fastapi -> mcp-customer:8001",
      "langgraph-fastapi -> mcp-finance:8002",
      "simple-agent-chat-ui -> mcp-customer:8001",
      "simple-agent-chat-ui -> mcp-finance:8002",
    ];
    expect(flowsOf(objects).map(tell).sort()).toEqual([...inside, ...outside].sort());
    expect(blocked(objects)).toEqual([]);
  },
  limitMs,
);

test(
  "Services on other ports than their pods are reached, in this namespace and by their whole names",
  async () => {
    const service = (name: string, targetPort: number) => ({ name, port: 80, targetPort });
    const url = "http://fantaco-finance-service.demo.svc.cluster.local:80";
    const postgres = { service: { port: 15432 } };
    const objects = await renderAll({
      "fantaco-app": {
        customer: { service: service("fantaco-customer-service", 8081) },
        finance: { service: service("fantaco-finance-service", 8082) },
        postgresql: { customer: postgres, finance: postgres },
      },
      "fantaco-mcp": {
        customer: { env: { customerApiBaseUrl: "http://fantaco-customer-service:80" } },
        finance: { env: { financeApiBaseUrl: url } },
      },
    });
    expect(flowsOf(objects).length).toBe(8);
    expect(blocked(objects)).toEqual([]);
  },
  limitMs,
);

test(
  "the claims service, its servers, database and volume's reader reach each other on other ports, too",
  async () => {
    const other = { service: { port: 80 } };
    const claims = { backend: other, ocr: other, rag: other, decision: other };
    const objects = await renderAll({ claims });
    expect(flowsOf(objects).map(tell).sort()).toEqual([
      "backend -> decision-mcp-server:8080",
      "backend -> ocr-mcp-server:8080",
      "backend -> postgresql-claims:5432",
      "backend -> rag-mcp-server:8080",
      "decision-mcp-server -> backend:8000",
      "rag-mcp-server -> backend:8000",
      "the router -> backend:8000",
    ]);
    expect(blocked(objects)).toEqual([]);
  },
  limitMs,
);

test.each([
  ["db.example.com:6432", [{ ports: tcp(6432) }]],
  ["db.example.com", [{ ports: tcp(5432) }]],
  ["ours", [{ ports: tcp(5432) }, { to: [{ podSelector: {} }] }]],
  [
    "pg.data.svc:6432",
    [
      { ports: tcp(6432) },
      { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "data" } } }] },
    ],
  ],
])(
  "an external database at %s is let through by its port, and a Service's pods by any",
  async (host, rules) => {
    const database = { url: `jdbc:postgresql://${host}/data`, existingSecret: "theirs" };
    const values = {
      database: { mode: "external" },
      customer: { database },
      finance: { enabled: false },
    };
    const objects = await renderAll({ "fantaco-app": values });
    const { egress } = find(objects, "NetworkPolicy").spec as { egress: object[] };
    // The first rule is the names'.
    expect(egress.slice(1)).toEqual(rules);
  },
  limitMs,
);

function tcp(port: number): object[] {
  return [{ port, protocol: "TCP" }];
}
