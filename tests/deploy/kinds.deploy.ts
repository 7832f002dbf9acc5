/** The kinds of the operators in an API server: whole objects are accepted, and what the operators' own refuse is refused. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { YAML } from "bun";
import { type Cluster, startCluster } from "../../tools/deploy/cluster.ts";
import { type Changes, rules } from "./kinds/rules.ts";

/** The first run of a machine builds the API server. */
const limitMs = 1_800_000;
const folder = join(import.meta.dir, "kinds");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, limitMs);
afterAll(() => cluster[Symbol.asyncDispose](), limitMs);

test.each(files)(
  "an object with every member of %s is accepted",
  async (file) => {
    const { code, err } = await create(file.replace(".yaml", ""), {});
    expect([code, err]).toEqual([0, ""]);
  },
  limitMs,
);

/** Names that are one letter off, or of another release, at every depth. */
const misspelt: readonly (readonly [string, string])[] = [
  ["llamastack", "spec.replica"],
  ["llamastack", "spec.network.allowedFrom.namespace"],
  ["llamastack", "spec.server.containerSpec.image"],
  ["llamastack", "spec.server.containerSpec.resources.limit"],
  ["llamastack", "spec.server.containerSpec.env.1.valueFrom.secretKeyRef.nam"],
  ["llamastack", "spec.server.podOverrides.volumes.0.projected.sources.0.configMap.items.0.file"],
  [
    "llamastack",
    "spec.server.podOverrides.volumes.1.ephemeral.volumeClaimTemplate.spec.accessMode",
  ],
  ["llamastack", "spec.server.topologySpreadConstraints.0.labelSelector.matchExpressions.0.value"],
  ["mcpserver", "spec.image"],
  ["mcpserver", "spec.source.containerImage.pullPolicy"],
  ["mcpserver", "spec.config.env.0.valueFrom.fieldRef.path"],
  ["mcpserver", "spec.config.storage.0.source.configMap.items.0.file"],
  ["mcpserver", "spec.runtime.security.securityContext.capabilities.remove"],
  ["mcpserver", "spec.runtime.health.livenessProbe.httpGet.url"],
  ["mcpserver", "spec.mcp.sessions"],
  ["ogx", "spec.caBundle"],
  ["ogx", "spec.baseConfig.configMapName"],
  ["ogx", "spec.providers.safety"],
  ["ogx", "spec.providers.inference.remote.vllm.0.network.tls.verified"],
  ["ogx", "spec.providers.inference.remote.vllm.0.apiToken.namespace"],
  ["ogx", "spec.network.policy.ingress.0.from.0.namespaceSelector.matchLabel"],
  ["ogx", "spec.workload.overrides.volumes.0.csi.read"],
];

test.each(misspelt)(
  "%s: %s is unknown, and refused by its path",
  async (kind, path) => {
    const { code, err } = await create(kind, { [path]: "x" });
    const name = path.replace(/\.(\d+)/g, "[$1]");
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining(`unknown field "${name}"`),
    });
  },
  limitMs,
);

describe.each(Object.entries(rules))("%s refuses by its rule:", (kind, cases) => {
  test.each([...cases])(
    "%s",
    async (message, changes) => {
      const { code, err } = await create(kind, changes);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
    },
    limitMs,
  );
});

/** What is no value of a member, and what is said of it. */
const values: readonly (readonly [string, Changes, string])[] = [
  ["llamastack", { "spec.server": undefined }, "spec.server: Required value"],
  ["llamastack", { "spec.server.distribution": undefined }, "spec.server.distribution: Required"],
  ["llamastack", { "spec.server.workers": 0 }, "should be greater than or equal to 1"],
  [
    "llamastack",
    { "spec.server.autoscaling.maxReplicas": undefined },
    "maxReplicas: Required value",
  ],
  ["llamastack", { "spec.server.storage.size": "ten" }, "spec.server.storage.size"],
  [
    "llamastack",
    { "spec.server.containerSpec.env.0.name": undefined },
    "env[0].name: Required value",
  ],
  ["mcpserver", { "spec.config.port": undefined }, "spec.config.port: Required value"],
  ["mcpserver", { "spec.config.port": 65536 }, "should be less than or equal to 65535"],
  ["mcpserver", { "spec.source.type": "Git" }, 'supported values: "ContainerImage"'],
  ["mcpserver", { "spec.config.storage.1.path": "/map" }, "Duplicate value"],
  ["mcpserver", { "spec.runtime": {} }, "should have at least 1 properties"],
  ["ogx", { "spec.overrideConfig": { name: "map" } }, "spec.overrideConfig.key: Required value"],
  ["ogx", { "spec.baseConfig.key": "a/b" }, "spec.baseConfig.key in body should match"],
  ["ogx", { "spec.network.port": 0 }, "should be greater than or equal to 1"],
  ["ogx", { "spec.disabledAPIs": ["agents"] }, 'supported values: "batches"'],
  ["ogx", { "spec.providers.vectorIo.remote.milvus": [] }, "should have at least 1 items"],
  ["ogx", { "spec.workload.overrides.env": [] }, "should have at least 1 items"],
];

test.each([...values])(
  "%s with %j is refused: %s",
  async (kind, changes, message) => {
    const { code, err } = await create(kind, changes);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  },
  limitMs,
);

/** Asks the API server for the whole object of a kind with changes. */
async function create(kind: string, changes: Changes): Promise<{ code: number; err: string }> {
  const object: unknown = YAML.parse(await Bun.file(join(folder, `${kind}.yaml`)).text());
  // Anchors make one object of several members, and each change is for one of them: as JSON each is an object of its own.
  const own: unknown = JSON.parse(JSON.stringify(object));
  for (const [path, value] of Object.entries(changes)) change(own, path.split("."), value);
  const { code, err } = await cluster.kubectl(
    ["create", "--dry-run=server", "--validate=strict", "-f", "-"],
    { input: JSON.stringify(own), codes: [0, 1] },
  );
  return { code, err };
}

function change(object: unknown, [name = "", ...rest]: readonly string[], value: unknown): void {
  // Objects and lists alike; a path that leads nowhere is a mistake of the test, which it then fails on.
  const members = object as Record<string, unknown>;
  if (rest.length > 0) change(members[name], rest, value);
  else members[name] = value;
}
