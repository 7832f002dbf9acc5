/** What the documentation's commands look for, and how pods are placed, replaced and ended. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { type KubeObject, type PodOf, parseObjects, podsOf } from "../../tools/deploy/objects.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { root } from "../program.ts";

/** The first run of a machine builds helm. */
const limitMs = 600_000;
/** How long a program may take to end, in seconds; see `shutdownLimitMs` of src/core/program.ts. */
const shutdownSeconds = 10;

async function render(chart: string, values: object = {}): Promise<KubeObject[]> {
  return parseObjects((await renderChart(chart, values)).out);
}

async function lastingPods(chart: string, values: object = {}): Promise<PodOf[]> {
  return podsOf(await render(chart, values)).filter(({ isLasting }) => isLasting);
}

test(
  "the names, labels and ports are those of the documentation",
  async () => {
    const all = await Promise.all(["fantaco-app", "fantaco-mcp", "claims"].map((c) => render(c)));
    const found = all.flat().flatMap(({ kind, metadata, spec }) => {
      if (kind !== "Service") return [];
      const [port] = spec.ports as { name: string; port: number }[];
      const mark = metadata.labels?.["mcp-server"] === "true" ? " mcp-server" : "";
      return [`${metadata.name} ${port?.name}:${port?.port}${mark}`];
    });
    const pods = podsOf(all.flat()).filter(({ labels }) => labels["mcp-server"] === "true");
    expect(found.sort()).toEqual([
      "backend http:8000",
      "decision-mcp-server sse:8080 mcp-server",
      "fantaco-customer-service http:8081",
      "fantaco-finance-service http:8082",
      "mcp-customer-service http:8001",
      "mcp-finance-service http:8002",
      "ocr-mcp-server sse:8080 mcp-server",
      "postgres-claims postgres-claims:5432",
      "postgres-cust postgres-cust:5432",
      "postgres-fin postgres-fin:5432",
      "rag-mcp-server sse:8080 mcp-server",
    ]);
    expect(pods.map(({ owner, labels }) => [owner.metadata.name, labels.app]).sort()).toEqual([
      ["decision-mcp-server", "decision-mcp-server"],
      ["ocr-mcp-server", "ocr-mcp-server"],
      ["rag-mcp-server", "rag-mcp-server"],
    ]);
  },
  limitMs,
);

test.each(["fantaco-app", "fantaco-mcp", "fantaco-agent", "claims"])(
  "a pod of %s has longer to end than its program takes, after routers have heard of it",
  async (chart) => {
    const programs = (await lastingPods(chart)).filter(
      ({ spec }) => spec.containers[0]?.name !== "postgresql",
    );
    const left = programs.map(({ spec }) => {
      const [sleep = 0] = spec.containers.map(
        ({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0,
      );
      const grace = spec.terminationGracePeriodSeconds ?? 30;
      return sleep >= 5 && grace > sleep + 2 * shutdownSeconds;
    });
    expect(left).toEqual(programs.map(() => true));
    expect(programs.length).toBeGreaterThanOrEqual(2);
  },
  limitMs,
);

test(
  "a pod is replaced when its database's address changes, and only then",
  async () => {
    const database = (host: string) => ({
      database: { url: `postgres://${host}/data`, existingSecret: "theirs" },
    });
    const sums = async (host: string) => {
      const values = { database: { mode: "external" }, customer: database(host) };
      const pods = await lastingPods("fantaco-app", { ...values, finance: database("same") });
      return pods.map(({ annotations }) => annotations["checksum/config"]);
    };
    const [before, again, after] = [await sums("a"), await sums("a"), await sums("b")];
    expect(again).toEqual(before);
    expect(after.map((sum, index) => sum === before[index])).toEqual([false, true]);
  },
  limitMs,
);

test(
  "whoever mounts the claims' documents is on the node of a volume of one node, and only the service writes",
  async () => {
    const mounting = async (values: object) =>
      (await lastingPods("claims", values)).flatMap(({ owner, labels, spec }) => {
        const mounts = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
        const mount = mounts.find(({ name }) => name === "documents");
        if (mount === undefined) return [];
        const term = spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution[0];
        const wanted = Object.entries(term?.labelSelector.matchLabels ?? {});
        const finds = wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
        return [[owner.metadata.name, mount.readOnly === true ? "reads" : "writes", finds]];
      });
    const documents = { accessMode: "ReadWriteMany" };
    expect([await mounting({}), await mounting({ documents })]).toEqual([
      [
        ["backend", "writes", true],
        ["ocr-mcp-server", "reads", true],
      ],
      [
        ["backend", "writes", false],
        ["ocr-mcp-server", "reads", false],
      ],
    ]);
  },
  limitMs,
);

test.each(["fantaco-app", "fantaco-mcp", "fantaco-agent", "claims"])(
  "the pods of %s that are there for helm test alone are started by nothing else",
  async (chart) => {
    const pods = (await render(chart)).filter(({ kind }) => kind === "Pod");
    const hooks = pods.map(({ metadata }) => metadata.annotations?.["helm.sh/hook"]);
    expect([...new Set(hooks)]).toEqual(["test"]);
  },
  limitMs,
);

test("a Containerfile's stages run nothing, are nobody's in particular, and are on a base of a known digest", async () => {
  const text = await Bun.file(join(root, "containers/Containerfile")).text();
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const instructions = lines.flatMap((line) => /^([A-Z]+) +(.*)/.exec(line)?.slice(1, 3) ?? []);
  const words = new Set(instructions.filter((_, index) => index % 2 === 0));
  expect([...words].sort()).toEqual(
    "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM LABEL USER WORKDIR".split(" "),
  );
  expect(lines.filter((line) => /^(FROM|USER|ARG BASE_IMAGE)/.test(line))).toEqual([
    expect.stringMatching(/^ARG BASE_IMAGE=\S+@sha256:[0-9a-f]{64}$/),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the file has it
    "FROM ${BASE_IMAGE} AS base",
    "USER 1001",
    ...["berth", "services", "agents", "server"].map((name) => `FROM base AS ${name}`),
  ]);
});
