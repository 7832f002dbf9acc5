/** What linters of manifests say: kube-score itself, and by name the checks of kube-linter, which cannot be built here. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { helmFolder } from "../../tools/deploy/charts.ts";
import { goTool } from "../../tools/deploy/goTools.ts";
import { linterChecks } from "../../tools/deploy/linterChecks.ts";
import { matrix } from "../../tools/deploy/matrix.ts";
import { type ContainerSpec, type KubeObject, parseObjects } from "../../tools/deploy/objects.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { runTool } from "../../tools/deploy/runTool.ts";
import { containerOf, find, podOf } from "./rendered.ts";

/** The first run of a machine builds kube-score and helm. */
const limitMs = 600_000;

/** What kube-score asks for and the charts decide otherwise. */
const overruled: Readonly<Record<string, string>> = {
  "container-security-context-user-group-id":
    "OpenShift chooses the user, and refuses pods that name one",
  "container-image-pull-policy":
    "a version never changes, and a node cut off from its registry still starts",
  "container-ephemeral-storage-request-and-limit":
    "each volume that is written to has a limit of its own",
  "pod-probes-identical":
    "PostgreSQL has the one question, and the documented charts ask one path twice",
};

describe.each([...matrix])("$chart, $name:", ({ chart, values }) => {
  test(
    "kube-score and the default checks of kube-linter find nothing",
    async () => {
      const objects = parseObjects((await renderChart(chart, values)).out);
      // A pod of `helm test` lives for a second, and is let out by having no policy.
      const input = objects
        .filter(({ kind }) => kind !== "Pod")
        .map((each) => JSON.stringify(each));
      const unwanted = "networkPolicy" in values ? ["pod-networkpolicy"] : [];
      const ignored = [...Object.keys(overruled), ...unwanted].flatMap((name) => [
        "--ignore-test",
        name,
      ]);
      const { out } = await runTool(
        [await goTool("kube-score"), "score", "--output-format=ci", ...ignored, "-"],
        { input: input.join("\n---\n"), codes: [0, 1] },
      );
      const critical = out.split("\n").filter((line) => line.startsWith("[CRITICAL]"));
      expect({ critical, linter: findAll(objects) }).toEqual({ critical: [], linter: [] });
    },
    limitMs,
  );
});

test.each(
  readdirSync(join(helmFolder, "..", "openshift"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".yaml"))
    .sort(),
)("the default checks of kube-linter find nothing in containers/openshift/%s", async (name) => {
  const text = await Bun.file(join(helmFolder, "..", "openshift", name)).text();
  expect(findAll(parseObjects(text))).toEqual([]);
});

function findAll(objects: readonly KubeObject[]): string[] {
  return Object.entries(linterChecks).flatMap(([name, find]) =>
    find(objects).map((found) => `${name}: ${found}`),
  );
}

/** For each check a change that breaks it. */
const breakers: Readonly<Record<string, (all: KubeObject[]) => void>> = {
  "dangling-service": (all) => set(find(all, "Service").spec, { selector: { app: "gone" } }),
  "deprecated-service-account-field": (all) => set(podOf(all), { serviceAccount: "one" }),
  "docker-sock": (all) => mount(all, "/run/docker.sock"),
  "drop-net-raw-capability": (all) => secure(all, { capabilities: { drop: ["SYS_TIME"] } }),
  "duplicate-env-var": (all) => addVariable(all, "HOST"),
  "env-var-secret": (all) => addVariable(all, "CLIENT_SECRET"),
  "host-ipc": (all) => set(podOf(all), { hostIPC: true }),
  "host-network": (all) => set(podOf(all), { hostNetwork: true }),
  "host-pid": (all) => set(podOf(all), { hostPID: true }),
  "invalid-target-ports": (all) =>
    set(find(all, "Service").spec, { ports: [{ targetPort: "a_name_that_is_none" }] }),
  "job-ttl-seconds-after-finished": (all) =>
    void all.push({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "one" }, spec: {} }),
  "latest-tag": (all) => set(containerOf(all), { image: "quay.io/berth/services" }),
  "liveness-port": (all) => set(containerOf(all), { livenessProbe: { httpGet: { port: "gone" } } }),
  "mismatching-selector": (all) =>
    set(find(all, "Deployment").spec, { selector: { matchLabels: { app: "gone" } } }),
  "no-anti-affinity": (all) => void delete podOf(all).affinity,
  "no-extensions-v1beta": (all) =>
    set(find(all, "Deployment"), { apiVersion: "extensions/v1beta1" }),
  "no-read-only-root-fs": (all) => secure(all, { readOnlyRootFilesystem: false }),
  "non-existent-service-account": (all) => set(podOf(all), { serviceAccountName: "gone" }),
  "pdb-max-unavailable": (all) => budget(all, { maxUnavailable: "0%" }),
  "pdb-min-available": (all) => budget(all, { minAvailable: 2 }),
  "pdb-unhealthy-pod-eviction-policy": (all) => budget(all, {}),
  "privilege-escalation-container": (all) => secure(all, {}),
  "privileged-container": (all) => secure(all, { privileged: true }),
  "readiness-port": (all) => set(containerOf(all), { readinessProbe: { httpGet: { port: 1 } } }),
  "run-as-non-root": (all) => secure(all, { runAsUser: 0 }),
  "sensitive-host-mounts": (all) => mount(all, "/etc"),
  "ssh-port": (all) => void containerOf(all).ports?.push({ containerPort: 22 }),
  "startup-port": (all) => set(containerOf(all), { startupProbe: { httpGet: { port: "gone" } } }),
  "unsafe-sysctls": (all) =>
    set(podOf(all), { securityContext: { sysctls: [{ name: "net.core.somaxconn" }] } }),
  "unset-cpu-requirements": (all) => need(all, { memory: "1Mi" }),
  "unset-memory-requirements": (all) => need(all, { cpu: "1m" }),
};

test.each(Object.keys(linterChecks))(
  "the check '%s' notices what breaks it",
  async (name) => {
    const values = { customer: { replicas: 2 } };
    const objects = parseObjects((await renderChart("fantaco-app", values)).out);
    breakers[name]?.(objects);
    expect(linterChecks[name]?.(objects)).not.toEqual([]);
  },
  limitMs,
);

function set<T extends object>(target: T, members: Partial<T>): void {
  Object.assign(target, members);
}

function secure(objects: readonly KubeObject[], context: ContainerSpec["securityContext"]): void {
  const container = containerOf(objects);
  if (context !== undefined) container.securityContext = context;
}

function addVariable(objects: readonly KubeObject[], name: string): void {
  containerOf(objects).env?.push({ name, value: "x" });
}

function mount(objects: readonly KubeObject[], path: string): void {
  podOf(objects).volumes?.push({ name: "host", hostPath: { path } });
}

function need(objects: readonly KubeObject[], amount: { cpu?: string; memory?: string }): void {
  containerOf(objects).resources = { requests: amount, limits: amount };
}

function budget(objects: readonly KubeObject[], spec: object): void {
  const found = find(objects, "PodDisruptionBudget");
  const { selector } = found.spec;
  found.spec = { selector, ...spec };
}
