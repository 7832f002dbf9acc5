import { join } from "node:path";
import type { Target } from "./targets.ts";

export interface ConfigOptions {
  /** Where the server keeps its databases and files. */
  folder: string;
  /** The OpenAI-compatible address of the model, with /v1. */
  modelUrl: string;
  /** MCP servers by connector id, with their URLs; only versions with connectors are told. */
  connectors: Readonly<Record<string, string>>;
}

/** Which differences between versions matter to us; see docs/llama-stack.md. */
export function traitsOf({ kind, version }: Target) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOgx = kind === "ogx";
  return {
    /** Toolgroups, /v1/tool-runtime and the Agents API. */
    hasToolgroups: !isOgx && major === 0 && minor < 4,
    /** Connectors that are read from the configuration, since 0.7. */
    hasConnectors: isOgx || minor >= 7,
    /** `authorization` in the Responses tool; before, `headers`. */
    takesAuthorization: isOgx || minor >= 4,
    /** Connectors and prompts live in SQL. */
    keepsConnectorsInSql: isOgx && major >= 1,
    /** The server asks for TLS unless it is told otherwise, and `ogx stack run` is `ogx run`. */
    isOgxOne: isOgx && major >= 1,
  };
}

/** The smallest configuration that serves Responses with MCP tools, without torch; JSON is YAML as well. */
export function configOf(target: Target, options: ConfigOptions): string {
  const { hasToolgroups: isOld, hasConnectors, keepsConnectorsInSql } = traitsOf(target);
  const { folder, modelUrl, connectors } = options;
  const queue = isOld ? { max_write_queue_size: 10_000, num_writers: 4 } : {};
  const persistence = {
    agent_state: { namespace: "agents", backend: "kv_default" },
    responses: { table_name: "responses", backend: "sql_default", ...queue },
  };
  const model = { [isOld ? "url" : "base_url"]: modelUrl, api_token: "none" };
  const metadata_store = { table_name: "files", backend: "sql_default" };
  const config = {
    version: 2,
    [isOld ? "image_name" : "distro_name"]: "interop",
    apis: [
      "inference",
      "tool_runtime",
      "vector_io",
      "files",
      ...(isOld ? ["agents", "safety"] : ["responses"]),
    ],
    providers: {
      inference: [provider("scripted", "remote::vllm", model)],
      ...(isOld
        ? { agents: [provider("builtin", "inline::meta-reference", { persistence })], safety: [] }
        : { responses: [provider("builtin", "inline::builtin", { persistence })] }),
      tool_runtime: [provider("model-context-protocol", "remote::model-context-protocol", {})],
      vector_io: [],
      files: [
        provider("localfs", "inline::localfs", {
          storage_dir: join(folder, "files"),
          metadata_store,
        }),
      ],
    },
    storage: {
      backends: {
        kv_default: { type: "kv_sqlite", db_path: join(folder, "kv.db") },
        sql_default: { type: "sql_sqlite", db_path: join(folder, "sql.db") },
      },
      stores: {
        metadata: { namespace: "registry", backend: "kv_default" },
        inference: { table_name: "inference", backend: "sql_default", ...queue },
        conversations: { table_name: "conversations", backend: "sql_default" },
        prompts: storeOf("prompts", keepsConnectorsInSql),
        ...(hasConnectors && { connectors: storeOf("connectors", keepsConnectorsInSql) }),
      },
    },
    registered_resources: {
      models: [
        {
          model_id: "scripted",
          provider_id: "scripted",
          provider_model_id: "scripted",
          model_type: "llm",
        },
      ],
    },
    ...(hasConnectors && {
      connectors: Object.entries(connectors).map(([connector_id, url]) => ({
        connector_id,
        connector_type: "mcp",
        url,
      })),
    }),
    server: { host: "127.0.0.1" },
  };
  return JSON.stringify(config, null, 2);
}

function provider(provider_id: string, provider_type: string, config: object) {
  return { provider_id, provider_type, config };
}

function storeOf(name: string, isInSql: boolean) {
  return isInSql
    ? { table_name: name, backend: "sql_default" }
    : { namespace: name, backend: "kv_default" };
}
