/** The values under which the charts are rendered, checked and given to an API server. */

export interface ValuesCase {
  chart: string;
  name: string;
  values: Readonly<Record<string, unknown>>;
  /** Secrets that the values name. */
  foreign?: readonly string[];
}

/** The components of each chart that people and agents reach from outside the cluster. */
const components: Readonly<Record<string, readonly string[]>> = {
  "fantaco-app": ["customer", "finance"],
  "fantaco-mcp": ["customer", "finance"],
  "fantaco-agent": ["langgraphFastapi", "chatUi"],
  claims: ["backend", "ocr", "rag", "decision"],
};

/** What every chart is rendered with. */
function commonCases(chart: string): ValuesCase[] {
  const all = (value: object) =>
    Object.fromEntries((components[chart] ?? []).map((key) => [key, value]));
  const exposed = all({ route: { enabled: true, host: "x.apps.example.com" } });
  const vanilla = { openshift: { enabled: false }, ...exposed };
  return [
    { name: "as it comes", values: {} },
    { name: "names of the release", values: { releasePrefix: true } },
    { name: "two replicas", values: all({ replicas: 2 }) },
    { name: "autoscaled", values: all({ autoscaling: { enabled: true } }) },
    { name: "monitored", values: { serviceMonitor: { enabled: true } } },
    { name: "every Route", values: exposed },
    { name: "Ingress off OpenShift", values: { ...vanilla, exposure: { kind: "Ingress" } } },
    {
      name: "HTTPRoute off OpenShift",
      values: { ...vanilla, exposure: { kind: "HTTPRoute", parentRefs: [{ name: "gateway" }] } },
    },
    { name: "without policies", values: { networkPolicy: { enabled: false } } },
    { name: "from a mirror", values: { imageRegistry: "mirror.example.com:5000/ours" } },
  ].map((each) => ({ chart, ...each }));
}

const external = (port: number) => ({
  database: { url: `postgres://db.example.com:${port}/data`, existingSecret: "theirs" },
});

const elsewhere = { env: { claimsApiBaseUrl: "http://backend.other.svc" } };

/** The namespace of a router that is not OpenShift's, whose label the charts would otherwise look for. */
const otherRouter = {
  "network.openshift.io/policy-group": null,
  "kubernetes.io/metadata.name": "ingress",
};

/** What only some charts know. */
const special: readonly ValuesCase[] = [
  { chart: "fantaco-app", name: "cnpg", values: { database: { mode: "cnpg" } } },
  {
    chart: "fantaco-app",
    name: "external database",
    values: { database: { mode: "external" }, customer: external(5432), finance: external(6432) },
    foreign: ["theirs"],
  },
  {
    chart: "fantaco-app",
    name: "passwords of their own",
    values: {
      postgresql: { customer: { existingSecret: "theirs" }, finance: { existingSecret: "theirs" } },
    },
    foreign: ["theirs"],
  },
  {
    chart: "fantaco-app",
    name: "values of an older file",
    values: {
      customer: { jpa: { hibernate: { ddlAuto: "update" } }, logging: { level: "DEBUG" } },
    },
  },
  { chart: "fantaco-app", name: "one service", values: { finance: { enabled: false } } },
  {
    chart: "fantaco-mcp",
    name: "tokens, the other ports and services elsewhere",
    values: {
      customer: {
        auth: { existingSecret: "theirs" },
        service: { port: 9001, targetPort: 9001 },
        env: { customerApiBaseUrl: "https://customers.example.com" },
      },
      finance: { auth: { existingSecret: "theirs" }, service: { port: 9002, targetPort: 9002 } },
    },
    foreign: ["theirs"],
  },
  { chart: "fantaco-mcp", name: "MCPServer", values: { rhoai: { mcpServers: true } } },
  {
    chart: "fantaco-mcp",
    name: "MCPServer from a mirror by its digest, with a token and another port",
    values: {
      rhoai: { mcpServers: true },
      imageRegistry: "mirror.example.com:5000/ours",
      customer: {
        auth: { existingSecret: "theirs" },
        image: { digest: `sha256:${"0".repeat(64)}` },
        service: { port: 9001 },
      },
    },
    foreign: ["theirs"],
  },
  {
    chart: "fantaco-agent",
    name: "a key",
    values: { langgraphFastapi: { auth: { existingSecret: "theirs" } } },
    foreign: ["theirs"],
  },
  { chart: "claims", name: "cnpg", values: { database: { mode: "cnpg" } } },
  {
    chart: "claims",
    name: "external database, Secrets and volume",
    values: {
      database: { mode: "external" },
      backend: external(5432),
      tokens: { existingSecret: "theirs" },
      documents: { existingClaim: "theirs", accessMode: "ReadWriteMany", samples: false },
    },
    foreign: ["theirs"],
  },
  {
    chart: "claims",
    name: "a server elsewhere",
    values: {
      ocr: { enabled: false },
      backend: { env: { ocrServerUrl: "https://ocr.example.com/mcp" } },
      llamaStack: { kind: "LlamaStackDistribution" },
    },
  },
  {
    chart: "claims",
    name: "the servers alone",
    values: {
      backend: { enabled: false },
      rag: elsewhere,
      decision: elsewhere,
    },
  },
  {
    chart: "claims",
    name: "LlamaStackDistribution behind another router",
    values: {
      llamaStack: { kind: "LlamaStackDistribution", route: { enabled: true } },
      networkPolicy: { routerNamespace: otherRouter },
    },
  },
  ...["LlamaStackDistribution", "OGXServer"].map((kind) => ({
    chart: "claims",
    name: kind,
    values: {
      llamaStack: { kind, route: { enabled: true }, existingSecret: "theirs" },
      rhoai: { registerPlayground: true },
    },
    foreign: ["theirs"],
  })),
];

export const matrix: readonly ValuesCase[] = [
  ...Object.keys(components).flatMap(commonCases),
  ...special,
];
