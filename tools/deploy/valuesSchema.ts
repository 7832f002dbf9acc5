/** The JSON schema of a chart's values, drawn from the values and their comments: no key but those, of their types. */
import { YAML } from "bun";
import { wordsFor } from "./valueWords.ts";

type Schema = Record<string, unknown>;

const level = { enum: ["", "error", "warn", "info", "debug", "ERROR", "WARN", "INFO", "DEBUG"] };
const port = { type: "integer", minimum: 1, maximum: 65535 };
const count = { type: "integer", minimum: 0 };
const quantity = { type: ["string", "number"], pattern: "^[0-9.]+(m|k|M|G|T|Ki|Mi|Gi|Ti)?$" };
const size = { type: "string", pattern: "^[0-9]+(Mi|Gi|Ti)$" };
const url = { type: "string", pattern: "^https?://[^/ ]+" };
const urlOrNone = { type: "string", pattern: "^(https?://[^/ ]+.*)?$" };
const open = { type: "object" };
const amounts = {
  type: "object",
  additionalProperties: false,
  properties: { cpu: quantity, memory: quantity, "ephemeral-storage": quantity },
};

/** What a value must be beyond its type, by the end of its path; the longest that fits counts. */
const rules: Readonly<Record<string, Schema>> = {
  logLevel: level,
  "logging.level": level,
  "exposure.kind": { enum: ["Route", "Ingress", "HTTPRoute"] },
  "exposure.annotations": open,
  "exposure.parentRefs": { type: "array", items: open },
  imagePullSecrets: { type: "array", items: open },
  "networkPolicy.clients": { type: "array", items: open },
  "networkPolicy.egress": { type: "array", items: open },
  "networkPolicy.routerNamespace": { type: "object", additionalProperties: { type: "string" } },
  "database.mode": { enum: ["external", "cnpg", "builtin"] },
  "database.instances": { type: "integer", minimum: 1 },
  "llamaStack.kind": { enum: ["none", "LlamaStackDistribution", "OGXServer"] },
  "documents.accessMode": { enum: ["ReadWriteOnce", "ReadWriteMany"] },
  // The programs speak HTTP; there is nothing to encrypt anew for, or to pass through to.
  "tls.termination": { const: "edge" },
  "tls.insecureEdgeTerminationPolicy": { enum: ["Redirect", "None", "Allow"] },
  "image.digest": { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
  "image.tag": { type: "string", not: { const: "latest" } },
  "image.pullPolicy": { enum: ["Always", "IfNotPresent", "Never"] },
  "livenessProbe.path": { type: "string", pattern: "^/" },
  "readinessProbe.path": { type: "string", pattern: "^/" },
  "persistence.size": size,
  "documents.size": size,
  "rag.indexSize": size,
  "llamaStack.storage": size,
  "resources.requests": amounts,
  "resources.limits": amounts,
  targetCPUUtilizationPercentage: { type: "integer", minimum: 1, maximum: 100 },
  "database.url": { type: "string", pattern: "^((jdbc:)?postgres(ql)?://[^/ ]+/[^ ]+)?$" },
  customerApiBaseUrl: url,
  financeApiBaseUrl: url,
  claimsApiBaseUrl: urlOrNone,
  ocrServerUrl: urlOrNone,
  ragServerUrl: urlOrNone,
  decisionServerUrl: urlOrNone,
  "langgraphFastapi.env.llamaStackBaseUrl": url,
  llamaStackBaseUrl: urlOrNone,
  customerMcpServerUrl: url,
  financeMcpServerUrl: url,
  "llamaStack.endpoint": urlOrNone,
  "llamaStack.vllmUrl": url,
  name: { type: "string", maxLength: 63, pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$" },
  port,
  targetPort: port,
  replicas: count,
  jpa: open,
};

/** Draws the schema of a values.yaml. */
export function schemaOf(chart: string, text: string): Schema {
  const about = commentsOf(text);
  const { properties, ...rest } = schemaOfValue(YAML.parse(text), "", about);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Values of ${chart}`,
    ...rest,
    // Helm hands this one to every chart.
    properties: { ...(properties as Schema), global: open },
  };
}

function schemaOfValue(value: unknown, path: string, about: ReadonlyMap<string, string>): Schema {
  const description = about.get(path) ?? wordsFor(path);
  return {
    ...(description && { description }),
    ...(ruleOf(path) ?? plainSchema(value, path, about)),
  };
}

function plainSchema(value: unknown, path: string, about: ReadonlyMap<string, string>): Schema {
  if (Array.isArray(value)) return { type: "array" };
  if (typeof value === "number") return count;
  if (typeof value !== "object" || value === null) return { type: typeof value };
  const properties = Object.entries(value).map(([key, each]) => [
    key,
    schemaOfValue(each, path === "" ? key : `${path}.${key}`, about),
  ]);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function ruleOf(path: string): Schema | undefined {
  const words = path.split(".");
  for (let from = 0; from < words.length; from++) {
    const rule = rules[words.slice(from).join(".")];
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** The comment above each key, by the key's path. */
export function commentsOf(text: string): ReadonlyMap<string, string> {
  const about = new Map<string, string>();
  const path: string[] = [];
  let comment: string[] = [];
  for (const line of text.split("\n")) {
    const remark = /^\s*# (.*)$/.exec(line)?.[1];
    if (remark !== undefined) {
      comment.push(remark);
      continue;
    }
    const key = /^( *)([\w-]+):/.exec(line);
    if (key !== null) {
      const [, indent = "", name = ""] = key;
      path.length = indent.length / 2;
      path.push(name);
      if (comment.length > 0) about.set(path.join("."), comment.join(" "));
    }
    comment = [];
  }
  return about;
}
