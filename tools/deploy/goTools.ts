/** The programs that check the deployment, built from their published Go modules and kept by version under ~/.cache/berth. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/core/fault.ts";
import { apiserverMain, composeMain, kubectlMain } from "./goMains.ts";
import { runTool } from "./runTool.ts";

const kubernetes = "1.36.3";
/** The version of the modules that Kubernetes publishes beside its own. */
const published = `v${kubernetes.replace(/^1\./, "0.")}`;
/** How long one build may take, in milliseconds: the API server takes about 400 seconds of processor time. */
const buildLimitMs = 20 * 60_000;

interface GoTool {
  name: string;
  version: string;
  build(folder: string, env: Record<string, string>): Promise<void>;
}

const tools = {
  helm: installed("helm", "3.22.0", "helm.sh/helm/v3/cmd/helm"),
  "kube-score": installed("kube-score", "1.20.0", "github.com/zegl/kube-score/cmd/kube-score"),
  "compose-reader": { name: "compose-reader", version: "2.16.2", build: buildComposeReader },
  kubectl: { name: "kubectl", version: kubernetes, build: buildKubectl },
  "kube-apiserver": { name: "kube-apiserver", version: kubernetes, build: buildApiserver },
} satisfies Record<string, GoTool>;

/** The version of Kubernetes that charts are rendered for: a helm that is built from its module claims an old one. */
export const kubeVersion: string = kubernetes;

/** The path of one of the programs; builds it when this machine has not got it yet. */
export async function goTool(name: keyof typeof tools): Promise<string> {
  const tool: GoTool = tools[name];
  const folder = join(homedir(), ".cache", "berth", `${tool.name}-${tool.version}`);
  const file = join(folder, tool.name);
  if (existsSync(file)) return file;
  if (Bun.which("go") === null) {
    throw new AppError("unavailable", `Cannot build ${name} ${tool.version}: no go is on PATH`, {
      hint: "Install Go 1.26 or newer.",
    });
  }
  mkdirSync(folder, { recursive: true });
  const stage = mkdtempSync(join(tmpdir(), "berth-go-"));
  try {
    console.error(`building ${name} ${tool.version}, once on this machine`);
    await tool.build(stage, { GOBIN: stage, GOFLAGS: "-mod=mod", CGO_ENABLED: "0" });
    // Moved in one step from the same file system: a build that was cut off leaves nothing that looks finished.
    await runTool(["cp", join(stage, tool.name), `${file}.part`]);
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(stage, { recursive: true });
  }
  return file;
}

/** The folder of a published module's files; Go keeps them after the first time. */
export async function goModule(module: string): Promise<string> {
  const { out } = await runTool(["go", "mod", "download", "-json", module], {
    cwd: tmpdir(),
    env: { GOFLAGS: "-mod=mod" },
    limitMs: buildLimitMs,
  });
  return (JSON.parse(out) as { Dir: string }).Dir;
}

function installed(name: string, version: string, path: string): GoTool {
  return {
    name,
    version,
    async build(folder, env) {
      const command = ["go", "install", "-trimpath", "-ldflags=-s -w", `${path}@v${version}`];
      await runTool(command, { cwd: folder, env, limitMs: buildLimitMs });
    },
  };
}

/**
 * The API server cannot be installed by its path: its module takes its staging modules from its own source tree. A
 * module of ours takes their published versions in their place.
 */
async function buildApiserver(folder: string, env: Record<string, string>): Promise<void> {
  const module = `k8s.io/kubernetes@v${kubernetes}`;
  const own = join(await goModule(module), "go.mod");
  const staging = [...readFileSync(own, "utf8").matchAll(/^\s*(\S+) => \.\/staging\//gm)];
  const replaced = staging.map(([, path]) => `replace ${path} => ${path} ${published}`);
  const requires = [
    `require k8s.io/kubernetes v${kubernetes}`,
    `require k8s.io/component-base ${published}`,
  ];
  await buildMain("kube-apiserver", {
    folder,
    env,
    module: [...requires, ...replaced],
    main: apiserverMain,
  });
}

/** Of the API server's own version: Debian's is years older and knows no strict validation. */
async function buildKubectl(folder: string, env: Record<string, string>): Promise<void> {
  const module = [
    `require k8s.io/kubectl ${published}`,
    `require k8s.io/component-base ${published}`,
  ];
  await buildMain("kubectl", { folder, env, module, main: kubectlMain });
}

async function buildComposeReader(folder: string, env: Record<string, string>): Promise<void> {
  const { version } = tools["compose-reader"];
  const module = [`require github.com/compose-spec/compose-go/v2 v${version}`];
  await buildMain("compose-reader", { folder, env, module, main: composeMain });
}

/** Builds a program of a few lines around a published module. */
async function buildMain(
  name: string,
  parts: { folder: string; env: Record<string, string>; module: readonly string[]; main: string },
): Promise<void> {
  const { folder, env } = parts;
  const module = [`module berth.invalid/${name}`, "go 1.26.0", ...parts.module];
  writeFileSync(join(folder, "go.mod"), module.join("\n"));
  writeFileSync(join(folder, "main.go"), parts.main);
  const named = `-X k8s.io/component-base/version.gitVersion=v${kubernetes}`;
  const command = ["go", "build", "-trimpath", `-ldflags=-s -w ${named}`, "-o", name, "."];
  await runTool(command, { cwd: folder, env, limitMs: buildLimitMs });
}
