/** The plain manifests: what the charts render for `oc apply`, in the files and under the names of the migration plan. */
import { nameOf, parseObjects } from "./objects.ts";
import { renderChart } from "./render.ts";

const namespace = "claims-demo";
/** Secrets are made by hand, so that no file holds one. */
const claims = {
  tokens: { existingSecret: "claims-tokens" },
  postgresql: { backend: { existingSecret: "claims-backend-secret" } },
  rhoai: { registerPlayground: true },
};

/** Where the objects of each name go; the first that fits. */
const files: readonly [RegExp, string][] = [
  [/^LlamaStackDistribution|^ConfigMap\/claims-llamastack/, "llamastack/distribution.yaml"],
  [/^OGXServer/, "llamastack/ogxserver.yaml"],
  [/^Service\/llamastack$/, "llamastack/service.yaml"],
  [/^Route\/llamastack$/, "llamastack/route.yaml"],
  [/^MCPServer/, "rhoai/mcpserver.yaml"],
  [/^ConfigMap\/gen-ai/, "rhoai/playground.yaml"],
  [/postgres/, "deployments/postgresql.yaml"],
  [/claim-documents-pvc$/, "deployments/documents-pvc.yaml"],
  [/backend/, "deployments/backend-deployment.yaml"],
  ...["ocr", "rag", "decision"].map((name): [RegExp, string] => [
    new RegExp(`/${name}-mcp-server$`),
    `mcp-servers/${name}-mcp-deployment.yaml`,
  ]),
];

/** One rendered object: its text as the chart wrote it, and what it is. */
interface Rendered {
  text: string;
  /** As in `Service/llamastack`. */
  name: string;
}

/** The texts of all plain manifests, by their path below containers/openshift. */
export async function drawPlain(): Promise<Map<string, string>> {
  const stack = (kind: string) => ({ ...claims, llamaStack: { kind, route: { enabled: true } } });
  const distribution = await renderAll("claims", stack("LlamaStackDistribution"));
  const ogx = await renderAll("claims", stack("OGXServer"));
  const fantaco = await renderAll("fantaco-mcp", { rhoai: { mcpServers: true } });
  // Of the further renderings only what the first has not, with the configuration that it names.
  const further = [...ogx, ...fantaco].filter(({ name }) => /^(OGXServer|MCPServer)/.test(name));
  const config = ogx.filter(({ name }) => name === "ConfigMap/claims-llamastack-config");
  const texts = new Map([["llamastack/ogxserver.yaml", config.map(({ text }) => text).join("")]]);
  for (const { name, text } of [...distribution, ...further]) {
    const file = fileOf(name);
    const before = texts.get(file);
    texts.set(file, before === undefined ? text : `${before}---\n${text}`);
  }
  return texts;
}

async function renderAll(chart: string, values: object): Promise<Rendered[]> {
  const { out } = await renderChart(chart, values, { release: chart, namespace });
  return out.split(/^---$/m).flatMap((text) => {
    const [object] = parseObjects(text);
    return object === undefined || object.kind === "Pod"
      ? []
      : [{ text: applied(text), name: nameOf(object) }];
  });
}

function fileOf(name: string): string {
  const found = files.find(([pattern]) => pattern.test(name));
  if (found === undefined) throw new Error(`no file for ${name}`);
  return found[1];
}

/** Without what only Helm keeps, and in its namespace. */
function applied(text: string): string {
  const lines = text
    .trim()
    .split("\n")
    .filter(
      (line) => !/^# Source:|^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by):/.test(line),
    );
  const hasNamespace = lines.some((line) => line.startsWith("  namespace:"));
  const own = lines.flatMap((line) =>
    !hasNamespace && line.startsWith("  name:") && lines[lines.indexOf(line) - 1] === "metadata:"
      ? [line, `  namespace: ${namespace}`]
      : [line],
  );
  return `${own.join("\n")}\n`;
}
