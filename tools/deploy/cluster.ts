/** A real API server with its etcd on loopback: everything of a cluster but nodes, so that what it accepts is accepted. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { AppError } from "../../src/core/fault.ts";
import { goModule, goTool } from "./goTools.ts";
import { drawKinds } from "./kinds.ts";
import { runTool, type ToolAnswer, type ToolRun } from "./runTool.ts";

/** How long the API server may take to be ready, in milliseconds. */
const readyLimitMs = 60_000;
const askEveryMs = 100;

export interface Cluster extends AsyncDisposable {
  kubectl(args: readonly string[], run?: ToolRun): Promise<ToolAnswer>;
  helm(args: readonly string[], run?: ToolRun): Promise<ToolAnswer>;
  /** Makes a namespace in which only pods of the `restricted` standard are let in. */
  openNamespace(name: string): Promise<void>;
}

/** Modules whose own definitions of kinds are taken as they are. */
const published = [
  {
    module: "github.com/openshift/api@v0.0.0-20240124164020-e2ce40831f2e",
    file: "route/v1/route.crd.yaml",
  },
  {
    module: "sigs.k8s.io/gateway-api@v1.2.1",
    file: "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
    file: "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg@v1.25.0",
    file: "config/crd/bases/postgresql.cnpg.io_clusters.yaml",
  },
] as const;

/** Starts etcd and the API server and teaches it the kinds that OpenShift and the operators bring. */
export async function startCluster(): Promise<Cluster> {
  const helm = await goTool("helm");
  const kubectl = await goTool("kubectl");
  const apiserver = await goTool("kube-apiserver");
  const etcd = findEtcd();
  const folder = mkdtempSync(join(tmpdir(), "berth-cluster-"));
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${client}`;
  const children = [
    start(etcd, folder, [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      "--unsafe-no-fsync",
    ]),
  ];
  const token = randomBytes(16).toString("hex");
  children.push(start(apiserver, folder, apiserverFlags(folder, { etcd: url, port, token })));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(port, token));
  const env = { KUBECONFIG: kubeconfig, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder };
  const cluster: Cluster = {
    kubectl: (args, run) => runTool([kubectl, ...args], { ...run, env }),
    helm: (args, run) => runTool([helm, ...args], { ...run, env }),
    async openNamespace(name) {
      await cluster.kubectl(["create", "namespace", name]);
      const level = "pod-security.kubernetes.io/enforce=restricted";
      await cluster.kubectl(["label", "namespace", name, level]);
    },
    async [Symbol.asyncDispose]() {
      for (const child of children.reverse()) {
        child.kill("SIGKILL");
        await child.exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilReady(cluster, join(folder, "kube-apiserver.log"));
    await teachKinds(cluster);
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
  return cluster;
}

async function teachKinds(cluster: Cluster): Promise<void> {
  const files: string[] = [];
  for (const { module, file } of published) files.push(join(await goModule(module), file));
  const items = await drawKinds(
    async (path) => (await cluster.kubectl(["get", "--raw", path])).out,
  );
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectl(["create", ...files.flatMap((file) => ["-f", file]), "-f", "-"], { input });
  await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
}

function findEtcd(): string {
  const path = Bun.which("etcd");
  if (path !== null) return path;
  throw new AppError("unavailable", "Cannot start a cluster: there is no etcd on PATH", {
    hint: "Install Debian's package etcd-server.",
  });
}

function apiserverFlags(
  folder: string,
  { etcd, port, token }: { etcd: string; port: number; token: string },
): string[] {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const at = (name: string) => join(folder, name);
  writeFileSync(at("key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(at("public.pem"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(at("tokens.csv"), `${token},admin,admin,system:masters\n`);
  return [
    `--etcd-servers=${etcd}`,
    `--cert-dir=${at("certificates")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${at("tokens.csv")}`,
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${at("key.pem")}`,
    `--service-account-key-file=${at("public.pem")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
  ];
}

function start(program: string, folder: string, flags: readonly string[]) {
  const log = Bun.file(join(folder, `${program.split("/").at(-1)}.log`));
  return Bun.spawn([program, ...flags], { stdin: "ignore", stdout: log, stderr: log, cwd: folder });
}

function kubeconfigOf(port: number, token: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [
      {
        name: "test",
        cluster: { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
      },
    ],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  });
}

async function untilReady(cluster: Cluster, log: string): Promise<void> {
  const until = performance.now() + readyLimitMs;
  while (performance.now() < until) {
    const { out } = await cluster.kubectl(["get", "--raw", "/readyz"], { codes: [0, 1] });
    if (out.trim() === "ok") return;
    await Bun.sleep(askEveryMs);
  }
  const said = existsSync(log) ? (await Bun.file(log).text()).slice(-2000) : "";
  throw new AppError("unavailable", `Cannot use the API server: not ready in time\n${said}`);
}
