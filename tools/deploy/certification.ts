/**
 * The mandatory checks of Red Hat's chart-verifier that need neither a cluster nor Red Hat's catalogue of images, under its
 * own names for them: the program itself cannot be built here, because its module is not to be had.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { YAML } from "bun";
import { helmFolder } from "./charts.ts";
import { goTool, kubeVersion } from "./goTools.ts";
import { parseObjects } from "./objects.ts";
import { runTool } from "./runTool.ts";

/** Whether a chart's folder keeps to it. */
type Check = (folder: string) => boolean | Promise<boolean>;

/** The parts of a Chart.yaml that are looked at. */
interface ChartFile {
  apiVersion?: string;
  kubeVersion?: string;
  annotations?: Record<string, string>;
}

const has =
  (...path: string[]): Check =>
  (folder) =>
    existsSync(join(folder, ...path));
/** What a chart may not bring along: drivers of storage are the administrator's. */
const foreignKinds = /^(CSI(Driver|Node|StorageCapacity)|CustomResourceDefinition)$/;

export const certificationChecks: Readonly<Record<string, Check>> = {
  "is-helm-v3": (folder) => chartOf(folder).apiVersion === "v2",
  "has-readme": has("README.md"),
  "contains-test": (folder) => {
    const tests = join(folder, "templates", "tests");
    return existsSync(tests) && readdirSync(tests).length > 0;
  },
  "has-kubeversion": (folder) => {
    const { kubeVersion: range = "" } = chartOf(folder);
    return range !== "" && Bun.semver.satisfies(kubeVersion, range);
  },
  "contains-values": has("values.yaml"),
  "contains-values-schema": has("values.schema.json"),
  "not-contains-crds": (folder) => !existsSync(join(folder, "crds")),
  "not-contain-csi-objects": async (folder) => {
    const { code, out } = await helm(["template", "demo", folder, `--kube-version=${kubeVersion}`]);
    return code === 0 && !parseObjects(out).some(({ kind }) => foreignKinds.test(kind));
  },
  "helm-lint": async (folder) => (await helm(["lint", "--strict", folder])).code === 0,
  "required-annotations-present": (folder) =>
    (chartOf(folder).annotations?.["charts.openshift.io/name"] ?? "") !== "",
  "has-notes": has("templates", "NOTES.txt"),
  // A chart without a signature has none that is wrong.
  "signature-is-valid": (folder) => !readdirSync(folder).some((name) => name.endsWith(".prov")),
};

/** Runs `work` on a chart as `helm package` would hand it out, unpacked. */
export async function withPackaged<T>(
  chart: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const stage = mkdtempSync(join(tmpdir(), "berth-chart-"));
  try {
    await runTool([await goTool("helm"), "package", join(helmFolder, chart), "-d", stage]);
    const [archive = ""] = readdirSync(stage);
    await runTool(["tar", "-C", stage, "-xzf", join(stage, archive)]);
    return await work(join(stage, chart));
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function chartOf(folder: string): ChartFile {
  // Only the members above are looked at, each as possibly absent.
  return YAML.parse(readFileSync(join(folder, "Chart.yaml"), "utf8")) as ChartFile;
}

async function helm(args: readonly string[]) {
  return runTool([await goTool("helm"), ...args], { codes: [0, 1] });
}
