/** The charts in front of a real API server: what it accepts, what an upgrade keeps and what an uninstallation leaves. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../src/core/version.ts";
import { charts, helmFolder } from "../../tools/deploy/charts.ts";
import { type Cluster, startCluster } from "../../tools/deploy/cluster.ts";
import { matrix } from "../../tools/deploy/matrix.ts";
import { parseObjects, podsOf } from "../../tools/deploy/objects.ts";
import { renderChart, withValues } from "../../tools/deploy/render.ts";

/** The first run of a machine builds the API server. */
const limitMs = 1_800_000;
const strict = ["--dry-run=server", "--validate=strict", "-o", "name"];

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  for (const name of ["demo", "life", "two", "redhat-ods-applications", "claims-demo"]) {
    await cluster.openNamespace(name);
  }
}, limitMs);
afterAll(() => cluster[Symbol.asyncDispose](), limitMs);

describe.each([...matrix])("$chart, $name:", ({ chart, values }) => {
  test(
    "every object and every pod is accepted, and no field is unknown",
    async () => {
      const { out } = await renderChart(chart, values);
      const objects = parseObjects(out);
      // Without controllers nobody makes pods of Deployments, so that their templates are handed in as pods.
      const pods = podsOf(objects).map(({ owner, labels, spec }) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `${owner.metadata.name}-pod`, namespace: "demo", labels },
        spec,
      }));
      const list = { apiVersion: "v1", kind: "List", items: pods };
      const made = await create(out);
      const admitted = await create(JSON.stringify(list));
      expect(made.split("\n")).toHaveLength(objects.length);
      expect(admitted.split("\n")).toHaveLength(pods.length);
    },
    limitMs,
  );
});

async function create(input: string): Promise<string> {
  const { out } = await cluster.kubectl(["create", ...strict, "-f", "-"], { input });
  return out.trim();
}

test(
  "an unknown field, a pod of root and a Route that contradicts itself are refused: the checks above can fail",
  async () => {
    const { out } = await renderChart("fantaco-app", {});
    const broken: [string, string, RegExp][] = [
      ["readOnlyRootFilesystem", "readOnlyRootFileSystem", /unknown field/],
      ["termination: edge", "termination: edgy", /Unsupported value/],
    ];
    for (const [from, to, message] of broken) {
      const { code, err } = await cluster.kubectl(["create", ...strict, "-f", "-"], {
        input: out.replace(from, to),
        codes: [0, 1],
      });
      expect([code, message.test(err)]).toEqual([1, true]);
    }
    const root = { apiVersion: "v1", kind: "Pod", metadata: { name: "root", namespace: "demo" } };
    const spec = { containers: [{ name: "root", image: "localhost/x:1" }] };
    const { code, err } = await cluster.kubectl(["create", ...strict, "-f", "-"], {
      input: JSON.stringify({ ...root, spec }),
      codes: [0, 1],
    });
    expect([code, /violates PodSecurity "restricted:latest"/.test(err)]).toEqual([1, true]);
  },
  limitMs,
);

describe.each(charts)("%s", (chart) => {
  test(
    "is installed and upgraded, keeps its secrets, and leaves nothing behind",
    async () => {
      const before = await namesIn("life");
      const helm = (word: string, ...rest: string[]) =>
        cluster.helm([word, chart, ...rest, "--namespace=life"]);
      await helm("install", join(helmFolder, chart));
      const first = await secretsIn("life");
      await withValues({ logLevel: "debug", podDisruptionBudget: { enabled: false } }, (file) =>
        helm("upgrade", join(helmFolder, chart), "-f", file),
      );
      const second = await secretsIn("life");
      expect(second).toEqual(first);
      await helm("uninstall");
      expect(await namesIn("life")).toEqual(before);
    },
    limitMs,
  );

  test(
    "is upgraded from the version before, rolled back and upgraded again, and keeps its secrets",
    async () => {
      const before = await namesIn("life");
      const previous = join(import.meta.dir, "previous", `${chart}-0.0.1.tgz`);
      const helm = (word: string, ...rest: string[]) =>
        cluster.helm([word, chart, ...rest, "--namespace=life"]);
      await helm("install", previous);
      const first = await secretsIn("life");
      const seen: unknown[] = [];
      const steps = [
        ["upgrade", join(helmFolder, chart)],
        ["rollback", "1"],
        ["upgrade", join(helmFolder, chart)],
      ] as const;
      for (const [word, what] of steps) {
        await helm(word, what);
        seen.push(await secretsIn("life"));
      }
      const { out } = await cluster.helm(["list", "--namespace=life", "-o", "json"]);
      // As helm prints a list.
      const [release] = JSON.parse(out) as { revision: string; status: string; chart: string }[];
      expect(seen).toEqual([first, first, first]);
      expect(release).toMatchObject({
        revision: "4",
        status: "deployed",
        chart: `${chart}-${version}`,
      });
      await helm("uninstall");
      expect(await namesIn("life")).toEqual(before);
    },
    limitMs,
  );

  test(
    "lives twice in one namespace under the names of its releases",
    async () => {
      for (const release of ["one", "other"]) {
        const where = [join(helmFolder, chart), "--namespace=two", "--set=releasePrefix=true"];
        await cluster.helm(["install", `${release}-${chart}`, ...where]);
      }
      const { out } = await cluster.helm(["list", "--namespace=two", "--short"]);
      expect(out.trim().split("\n").sort()).toEqual([`one-${chart}`, `other-${chart}`]);
      for (const release of ["one", "other"]) {
        await cluster.helm(["uninstall", `${release}-${chart}`, "--namespace=two"]);
      }
    },
    limitMs,
  );
});

test(
  "an installation whose Secret is missing or lacks a key is refused with its name",
  async () => {
    const install = (codes: number[]) =>
      cluster.helm(
        [
          ...["install", "lacking", join(helmFolder, "claims"), "--namespace=demo"],
          "--set=tokens.existingSecret=theirs",
        ],
        { codes },
      );
    const make = (key: string) =>
      cluster.kubectl(["create", "secret", "generic", "theirs", "-n", "demo", ...key.split(" ")]);
    const missing = await install([1]);
    await make("--from-literal=internal-token=x");
    const lacking = await install([1]);
    await cluster.kubectl(["delete", "secret", "theirs", "-n", "demo"]);
    await make("--from-literal=internal-token=x --from-literal=admin-token=y");
    const { code } = await install([0]);
    await cluster.helm(["uninstall", "lacking", "--namespace=demo"]);
    expect([missing.err.trim(), lacking.err.trim(), code]).toEqual([
      expect.stringContaining(
        'Cannot use the Secret "theirs" of tokens.existingSecret: it is not in the namespace "demo"',
      ),
      expect.stringContaining('it has no key "admin-token"'),
      0,
    ]);
  },
  limitMs,
);

const openshift = join(helmFolder, "..", "openshift");

test.each(
  existsSync(openshift)
    ? readdirSync(openshift, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".yaml"))
        .sort()
    : [],
)(
  "containers/openshift/%s is accepted as `oc apply` would send it",
  async (name) => {
    const file = join(openshift, name);
    const objects = parseObjects(await Bun.file(file).text());
    const { out } = await cluster.kubectl(["create", ...strict, "-f", file]);
    expect(out.trim().split("\n")).toHaveLength(objects.length);
  },
  limitMs,
);

/** Everything in a namespace that the charts may make, by its name. */
async function namesIn(namespace: string): Promise<string[]> {
  const usual = "all,cm,secret,pvc,sa,role,rolebinding,netpol,pdb,hpa,ingress,jobs";
  const further =
    "route,httproute,servicemonitor,llsd,ogxservers,mcpservers,clusters.postgresql.cnpg.io";
  const kinds = `${usual},${further}`;
  const { out } = await cluster.kubectl(["get", kinds, "-n", namespace, "-o", "json"]);
  // As kubectl prints a list.
  const { items } = JSON.parse(out) as {
    items: { kind: string; metadata: { name: string; deletionTimestamp?: string } }[];
  };
  // A deleted volume claim waits for a controller, which this cluster has not, to let go of it.
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .sort();
}

/** The contents of all Secrets but Helm's own. */
async function secretsIn(namespace: string): Promise<unknown> {
  const { out } = await cluster.kubectl(["get", "secret", "-n", namespace, "-o", "json"]);
  // As kubectl prints a list.
  const { items } = JSON.parse(out) as {
    items: { type: string; metadata: { name: string }; data: object }[];
  };
  return items
    .filter(({ type }) => type === "Opaque")
    .map(({ metadata, data }) => [metadata.name, data]);
}
