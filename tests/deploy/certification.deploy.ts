/** What chart-verifier, which cannot be built here, would check of the packaged charts, by the names of its checks. */
import { expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificationChecks, withPackaged } from "../../tools/deploy/certification.ts";
import { charts } from "../../tools/deploy/charts.ts";

/** The first run of a machine builds helm. */
const limitMs = 600_000;

test.each(charts)(
  "chart-verifier's checks that need no cluster pass for %s as it is packaged",
  async (chart) => {
    const failed = await withPackaged(chart, (folder) => failedIn(folder));
    expect(failed).toEqual([]);
  },
  limitMs,
);

/** For each of chart-verifier's checks a change of the chart's files that breaks it. */
const chartBreakers: Readonly<Record<string, (folder: string) => void>> = {
  "is-helm-v3": (folder) =>
    rewrite(folder, "Chart.yaml", "apiVersion: v1\nname: x\nversion: 1.0.0"),
  "has-readme": (folder) => rmSync(join(folder, "README.md")),
  "contains-test": (folder) => rmSync(join(folder, "templates", "tests"), { recursive: true }),
  "has-kubeversion": (folder) => rewrite(folder, "Chart.yaml", "apiVersion: v2\nname: x"),
  "contains-values": (folder) => rmSync(join(folder, "values.yaml")),
  "contains-values-schema": (folder) => rmSync(join(folder, "values.schema.json")),
  "not-contains-crds": (folder) => mkdirSync(join(folder, "crds")),
  "not-contain-csi-objects": (folder) =>
    rewrite(
      folder,
      "templates/a.yaml",
      "apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: { name: x }",
    ),
  "helm-lint": (folder) => rewrite(folder, "templates/a.yaml", "{{ nope }}"),
  "required-annotations-present": (folder) => rewrite(folder, "Chart.yaml", "apiVersion: v2"),
  "has-notes": (folder) => rmSync(join(folder, "templates", "NOTES.txt")),
  "signature-is-valid": (folder) => rewrite(folder, "a.tgz.prov", "none"),
};

test.each(Object.keys(certificationChecks))(
  "chart-verifier's check '%s' notices what breaks it",
  async (name) => {
    const failed = await withPackaged("fantaco-mcp", (folder) => {
      chartBreakers[name]?.(folder);
      return failedIn(folder);
    });
    expect(failed).toContain(name);
  },
  limitMs,
);

async function failedIn(folder: string): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, keeps] of Object.entries(certificationChecks)) {
    if (!(await keeps(folder))) failed.push(name);
  }
  return failed;
}

function rewrite(folder: string, file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}
