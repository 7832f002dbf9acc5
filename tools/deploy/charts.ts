/** The files of the charts that are drawn from others: the shared templates, the schema of the values and the README. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { YAML } from "bun";
import { commentsOf, schemaOf } from "./valuesSchema.ts";
import { wordsFor } from "./valueWords.ts";

export const helmFolder: string = join(import.meta.dir, "..", "..", "containers", "helm");

/** The charts, by their folders. */
export const charts: readonly string[] = readdirSync(helmFolder)
  .filter((name) => existsSync(join(helmFolder, name, "Chart.yaml")))
  .sort();

/** What the drawn files of one chart should hold, by their path from the chart's folder. */
export function drawChart(chart: string): Map<string, string> {
  const read = (...path: string[]) => readFileSync(join(helmFolder, ...path), "utf8");
  const values = read(chart, "values.yaml");
  const files = new Map<string, string>();
  for (const name of readdirSync(join(helmFolder, "shared")).sort()) {
    files.set(`templates/shared/${name}`, read("shared", name));
  }
  files.set("values.schema.json", `${JSON.stringify(schemaOf(chart, values), null, 2)}\n`);
  files.set("README.md", readmeOf(chart, read(chart, "Chart.yaml"), values));
  return files;
}

function readmeOf(chart: string, chartText: string, values: string): string {
  // Helm refuses a Chart.yaml without it.
  const { description } = YAML.parse(chartText) as { description: string };
  const about = commentsOf(values);
  const rows = leavesOf(YAML.parse(values), "").map(
    ([path, value]) => `| \`${path}\` | \`${value}\` | ${explain(path, about)} |`,
  );
  return `# ${chart}

${description}

\`\`\`sh
helm install ${chart} ./${chart}
helm test ${chart}
\`\`\`

Unknown values, values of a wrong type and missing Secrets' names are refused at install. No value holds a password:
Secrets are generated once and kept over upgrades, or named by \`existingSecret\`. See [docs/deploy.md](../../../docs/deploy.md).

| value | default | what it is |
|---|---|---|
${rows.join("\n")}
`;
}

/** Each value that is no map, and each empty map, by its path. */
function leavesOf(value: unknown, path: string): [string, string][] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap || Object.keys(value).length === 0) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, path === "" ? key : `${path}.${key}`),
  );
}

/** The comment of a value or of the nearest that it is part of below the component, or else what all of its kind mean. */
function explain(path: string, about: ReadonlyMap<string, string>): string {
  const words = path.split(".");
  for (let length = words.length; length > 1 || (length === 1 && words.length === 1); length--) {
    const text = about.get(words.slice(0, length).join("."));
    if (text !== undefined) return text;
  }
  const common = wordsFor(path);
  if (common !== undefined) return common;
  throw new Error(`${path} has no description: write a comment above it in values.yaml`);
}
