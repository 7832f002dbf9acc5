/** What the operators make of the charts' objects: names, labels and settings that their own programs look for. */
import { expect, test } from "bun:test";
import {
  type KubeObject,
  type Labels,
  type Probe,
  parseObjects,
  selects,
} from "../../tools/deploy/objects.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { containerOf, find, podOf } from "./rendered.ts";

/** The first run of a machine builds helm. */
const limitMs = 600_000;

test(
  "an MCP server is called by the same name and port when the MCP Lifecycle Operator runs it, and runs alike",
  async () => {
    const render = async (mcpServers: boolean) =>
      parseObjects((await renderChart("fantaco-mcp", { rhoai: { mcpServers } })).out);
    const usual = await render(false);
    const made = await render(true);
    const container = containerOf(usual);
    // Of the form below, by the kind that the API server checks.
    const { config, runtime } = find(made, "MCPServer").spec as unknown as McpServer;
    const called = ({ kind, metadata }: KubeObject) =>
      ["Service", "MCPServer"].includes(kind) ? [metadata.name] : [];
    const byNumber = (probe: Probe | undefined) => ({
      ...probe,
      httpGet: { ...probe?.httpGet, port: config.port },
    });
    expect(made.flatMap(called)).toEqual(usual.flatMap(called));
    expect(find(usual, "Service").spec.ports).toMatchObject([{ port: config.port }]);
    expect({ config, runtime }).toEqual({
      config: {
        port: 8001,
        path: "/mcp",
        arguments: container.args,
        // The image itself says on which address to listen.
        env: container.env?.filter(({ name }) => name !== "HOST"),
        storage: [
          {
            path: "/tmp",
            permissions: "ReadWrite",
            source: { type: "EmptyDir", emptyDir: podOf(usual).volumes?.[0]?.emptyDir },
          },
        ],
      },
      runtime: {
        replicas: 1,
        resources: container.resources,
        health: {
          livenessProbe: byNumber(container.livenessProbe),
          readinessProbe: byNumber(container.readinessProbe),
        },
      },
    });
  },
  limitMs,
);

test(
  "the pods that the MCP Lifecycle Operator makes are under the same policy as the chart's own",
  async () => {
    const render = async (mcpServers: boolean) =>
      parseObjects((await renderChart("fantaco-mcp", { rhoai: { mcpServers } })).out);
    const usual = find(await render(false), "NetworkPolicy").spec as unknown as Policy;
    const objects = await render(true);
    const made = find(objects, "NetworkPolicy").spec as unknown as Policy;
    const { extraLabels } = find(objects, "MCPServer").spec as { extraLabels: Labels };
    const [rule] = usual.ingress;
    expect(made).toEqual({
      ...usual,
      podSelector: { matchLabels: expect.anything() },
      // The operator's container has no name for its port.
      ingress: [{ ...rule, ports: [{ protocol: "TCP", port: 8001 }] }],
    });
    expect(selects(made.podSelector.matchLabels, extraLabels)).toBe(true);
    expect(Object.keys(made.podSelector.matchLabels).length).toBe(3);
  },
  limitMs,
);

/** Of a NetworkPolicy. */
interface Policy {
  podSelector: { matchLabels: Labels };
  ingress: object[];
}

/** What of an MCPServer has a counterpart in a Deployment. */
interface McpServer {
  config: { port: number } & Record<string, unknown>;
  runtime: Record<string, unknown>;
}

test.each([
  [{}, { labels: ["network.openshift.io/policy-group"] }],
  [
    { "network.openshift.io/policy-group": null, "kubernetes.io/metadata.name": "ingress" },
    { namespaces: ["ingress"] },
  ],
])(
  "a LlamaStackDistribution with a Route lets the router's namespaces in: %j",
  async (routerNamespace, allowedFrom) => {
    const llamaStack = { kind: "LlamaStackDistribution", route: { enabled: true } };
    const values = { llamaStack, networkPolicy: { routerNamespace } };
    const objects = parseObjects((await renderChart("claims", values)).out);
    expect(find(objects, "LlamaStackDistribution").spec.network).toEqual({ allowedFrom });
  },
  limitMs,
);

test.each(["LlamaStackDistribution", "OGXServer"])(
  "the pods of a %s are let into every MCP server and may be called by the claims service",
  async (kind) => {
    const objects = parseObjects((await renderChart("claims", { llamaStack: { kind } })).out);
    // As the operators label their pods.
    const peer = {
      podSelector: {
        matchExpressions: [{ key: "app", operator: "In", values: ["llama-stack", "ogx"] }],
      },
    };
    const open = objects
      .filter((each) => each.kind === "NetworkPolicy")
      .flatMap(({ metadata, spec }) => {
        // Of a NetworkPolicy.
        const { ingress = [], egress = [] } = spec as {
          ingress?: { from?: unknown[] }[];
          egress?: { to?: unknown[] }[];
        };
        const has = (peers: unknown[] = []) => peers.some((each) => Bun.deepEquals(each, peer));
        return [
          ...(ingress.some(({ from }) => has(from)) ? [`into ${metadata.name}`] : []),
          ...(egress.some(({ to }) => has(to)) ? [`out of ${metadata.name}`] : []),
        ];
      });
    expect(open.sort()).toEqual([
      ...["into backend", "into decision-mcp-server", "into ocr-mcp-server"],
      ...["into rag-mcp-server", "out of backend"],
    ]);
  },
  limitMs,
);
