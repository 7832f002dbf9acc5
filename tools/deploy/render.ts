import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmFolder } from "./charts.ts";
import { goTool, kubeVersion } from "./goTools.ts";
import { runTool, type ToolAnswer } from "./runTool.ts";

/** Runs `work` with a file that holds these values. */
export async function withValues<T>(
  values: object,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "berth-values-"));
  const file = join(folder, "values.json");
  writeFileSync(file, JSON.stringify(values));
  return work(file).finally(() => rmSync(folder, { recursive: true }));
}

/** What `helm template` prints for a chart, as a cluster with monitoring would be given it. */
export async function renderChart(
  chart: string,
  values: object,
  options: { release?: string; namespace?: string; codes?: readonly number[] } = {},
): Promise<ToolAnswer> {
  const { release = "demo", namespace = "demo", codes = [0] } = options;
  const helm = await goTool("helm");
  return withValues(values, (file) =>
    runTool(
      [
        helm,
        "template",
        release,
        join(helmFolder, chart),
        `--kube-version=${kubeVersion}`,
        "--api-versions=monitoring.coreos.com/v1",
        `--namespace=${namespace}`,
        "-f",
        file,
      ],
      { codes },
    ),
  );
}
