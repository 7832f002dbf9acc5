/** The charts without a cluster: what they render over a matrix of values, and what they refuse. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { charts, helmFolder } from "../../tools/deploy/charts.ts";
import { goTool, kubeVersion } from "../../tools/deploy/goTools.ts";
import { matrix } from "../../tools/deploy/matrix.ts";
import { type KubeObject, parseObjects } from "../../tools/deploy/objects.ts";
import { policies } from "../../tools/deploy/policies.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { root } from "../program.ts";
import { containerOf, find, podOf } from "./rendered.ts";

/** The first run of a machine builds helm. */
const limitMs = 600_000;

test.each(["deployCharts", "deployPlain"])(
  "what %s draws from other files is up to date",
  async (tool) => {
    const command = [process.execPath, `tools/${tool}.ts`, "--check"];
    expect((await runTool(command, { cwd: root, codes: [0, 1] })).out).toBe("");
  },
  limitMs,
);

test.each(charts)(
  "helm lint --strict has nothing against %s",
  async (chart) => {
    const lint = ["lint", "--strict", `--kube-version=${kubeVersion}`, join(helmFolder, chart)];
    const { code } = await runTool([await goTool("helm"), ...lint], { codes: [0, 1] });
    expect(code).toBe(0);
  },
  limitMs,
);

describe.each([...matrix])("$chart, $name:", ({ chart, values, foreign = [] }) => {
  test(
    "keeps every policy",
    async () => {
      const objects = parseObjects((await renderChart(chart, values)).out);
      const isOpenshift = !("openshift" in values);
      const broken = Object.entries(policies).flatMap(([name, find]) =>
        find({ objects, isOpenshift, foreign }).map((problem) => `${name}: ${problem}`),
      );
      expect(broken).toEqual([]);
      expect(objects.length).toBeGreaterThan(2);
    },
    limitMs,
  );
});

/** For each policy a change that breaks it; what would not be noticed is not checked. */
const breakers: Readonly<Record<string, (objects: KubeObject[]) => void>> = {
  "no user, group or SELinux option is chosen where the platform chooses": (all) => {
    podOf(all).securityContext = { runAsUser: 1001 };
  },
  "pods are not root and use the runtime's seccomp profile": (all) => {
    podOf(all).securityContext = {};
  },
  "containers gain no privileges and write nothing but volumes": (all) => {
    containerOf(all).securityContext = {};
  },
  "containers say what they need and may take": (all) => void delete containerOf(all).resources,
  "lasting containers have all three probes": (all) => void delete containerOf(all).startupProbe,
  "images have a version, and not the latest": (all) => {
    containerOf(all).image = "quay.io/berth/services:latest";
  },
  "volumes are of the kinds that restricted-v2 allows": (all) =>
    void podOf(all).volumes?.push({ name: "root", hostPath: { path: "/" } }),
  "no pod has a token of the cluster": (all) => void delete podOf(all).automountServiceAccountToken,
  "every reference to a Secret or ConfigMap leads somewhere": (all) => remove(all, "Secret"),
  "pods are replaced when their configuration changes": (all) =>
    void delete (find(all, "Deployment").spec.template as { metadata: KubeObject["metadata"] })
      .metadata.annotations,
  "objects carry the standard labels": (all) => void delete find(all, "Service").metadata.labels,
  "every Service leads to the named port of one lasting pod": (all) => {
    containerOf(all).ports = [];
  },
  "every way in leads to a Service of this release, by exactly one kind": (all) => {
    (find(all, "Route").spec.to as { name: string }).name = "gone";
  },
  "every lasting pod is under one NetworkPolicy, both ways, and can resolve names": (all) => {
    find(all, "NetworkPolicy").spec = { podSelector: { matchLabels: {} }, egress: [] };
  },
  "what the pods are told to call, the router and the monitoring get through": (all) => {
    find(all, "NetworkPolicy").spec.ingress = [];
  },
  "a disruption budget leaves a pod to evict": (all) => {
    find(all, "PodDisruptionBudget").spec.minAvailable = 2;
  },
  "an autoscaler's target is there and has no number of replicas of its own": (all) => {
    const spec = find(all, "HorizontalPodAutoscaler").spec;
    spec.scaleTargetRef = { name: "gone" };
  },
};

test.each(Object.keys(policies))(
  "the policy '%s' notices what breaks it",
  async (name) => {
    const values = {
      customer: { autoscaling: { enabled: true } },
      finance: { replicas: 2 },
    };
    const objects = parseObjects((await renderChart("fantaco-app", values)).out);
    const given = { isOpenshift: true, foreign: [] };
    expect(policies[name]?.({ objects, ...given })).toEqual([]);
    breakers[name]?.(objects);
    expect(policies[name]?.({ objects, ...given })).not.toEqual([]);
  },
  limitMs,
);

const external = { database: { mode: "external" } };

describe("a value that cannot be is refused with its name:", () => {
  test.each<[string, string, object, string]>([
    [
      "a wrong type",
      "fantaco-app",
      { customer: { replicas: "two" } },
      "at '/customer/replicas': got string, want integer",
    ],
    [
      "an unknown key",
      "claims",
      { rag: { indexsize: "1Gi" } },
      "at '/rag': additional properties 'indexsize' not allowed",
    ],
    [
      "a password",
      "fantaco-app",
      { customer: { database: { password: "x" } } },
      "at '/customer/database': additional properties 'password' not allowed",
    ],
    [
      "an unknown word",
      "fantaco-app",
      { database: { mode: "mysql" } },
      "at '/database/mode': value must be one of 'external', 'cnpg', 'builtin'",
    ],
    [
      "a missing address",
      "fantaco-app",
      { database: { mode: "external" } },
      "customer.database.url is not set; expected an address for database.mode external",
    ],
    [
      "a missing Secret",
      "claims",
      { database: { mode: "external" }, backend: { database: { url: "postgres://db/x" } } },
      "backend.database.existingSecret is not set; expected a Secret's name",
    ],
    [
      "a missing host",
      "fantaco-mcp",
      { exposure: { kind: "Ingress" } },
      "route.host is not set; expected a host name",
    ],
    [
      "the latest image",
      "fantaco-mcp",
      { customer: { image: { tag: "latest" } } },
      "at '/customer/image/tag'",
    ],
    [
      "more than may be",
      "fantaco-mcp",
      { customer: { autoscaling: { enabled: true, maxReplicas: 1 } } },
      "autoscaling.maxReplicas is 1; expected 2 or more",
    ],
    [
      "a password in an address",
      "fantaco-app",
      { ...external, customer: { database: { url: "postgres://a:b@db/x", existingSecret: "c" } } },
      "Cannot take customer.database.url: it holds a user or a password; expected",
    ],
    [
      "an address of another database",
      "claims",
      { ...external, backend: { database: { url: "mysql://db/x", existingSecret: "c" } } },
      "at '/backend/database/url': 'mysql://db/x' does not match pattern",
    ],
    [
      "no address of a service",
      "fantaco-mcp",
      { customer: { env: { customerApiBaseUrl: "fantaco-customer-service:8081" } } },
      "at '/customer/env/customerApiBaseUrl': 'fantaco-customer-service:8081' does not match",
    ],
    [
      "a name that no object can have",
      "fantaco-app",
      { customer: { name: "Customer_main" } },
      "at '/customer/name': 'Customer_main' does not match pattern",
    ],
    [
      "a missing host, by its own name",
      "fantaco-agent",
      { exposure: { kind: "Ingress" } },
      "chatUi.route.host is not set; expected a host name",
    ],
    [
      "a certificate that nobody would take",
      "claims",
      { backend: { route: { tls: { existingSecret: "cert" } } } },
      "backend.route.tls.existingSecret is set, which only an Ingress takes",
    ],
    [
      "a share of nothing",
      "fantaco-app",
      { customer: { autoscaling: { enabled: true }, resources: { requests: { cpu: null } } } },
      "resources.requests.cpu is not set; expected the CPU of which autoscaling takes a share",
    ],
    [
      "a server that is nowhere",
      "claims",
      { ocr: { enabled: false } },
      "ocr.enabled is false and backend.env.ocrServerUrl is not set; expected its address",
    ],
    [
      "replicas by two hands",
      "fantaco-mcp",
      { rhoai: { mcpServers: true }, finance: { autoscaling: { enabled: true } } },
      "finance.autoscaling.enabled and rhoai.mcpServers are both set; expected one of them",
    ],
  ])(
    "%s",
    async (_, chart, values, message) => {
      const { code, err } = await renderChart(chart, values, { codes: [1] });
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
    },
    limitMs,
  );
});

test(
  "exactly one Route carries the app label of each service, as the sample commands look it up",
  async () => {
    const objects = parseObjects((await renderChart("fantaco-app", {})).out);
    const apps = ["fantaco-customer-main", "fantaco-finance-main"];
    const found = apps.map((app) =>
      objects.filter(({ kind, metadata }) => kind === "Route" && metadata.labels?.app === app),
    );
    expect(found.map((routes) => routes.length)).toEqual([1, 1]);
  },
  limitMs,
);

function remove(objects: KubeObject[], kind: string): void {
  objects.splice(objects.indexOf(find(objects, kind)), 1);
}
