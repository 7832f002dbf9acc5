/** For each rule of the operators' kinds a change of a whole object that breaks it, and what is then said. */

/** New values by the path of a member, as in `spec.config.env.0.name`; a member that is undefined is taken away. */
export type Changes = Readonly<Record<string, unknown>>;

/** The rules of the file of each kind: the message, and what brings it about. */
export const rules: Readonly<Record<string, readonly (readonly [string, Changes])[]>> = {
  llamastack: [
    ["name and image exclude each other", { "spec.server.distribution.image": "quay.io/x/y:1" }],
  ],
  mcpserver: [
    [
      "containerImage belongs to the type ContainerImage",
      { "spec.source.containerImage": undefined },
    ],
    ...(
      [
        ["begins with no host", "-x/server:1"],
        ["has no name after its host", "registry.example.com:5000"],
        ["has neither tag nor digest", "quay.io/ours/server"],
        ["tag is longer than 127", `quay.io/ours/server:${"1".repeat(128)}`],
        ["tag has other signs than letters, digits, _, . and -", "quay.io/ours/server:-1"],
        ["digest names no algorithm", `quay.io/ours/server@1:${"a".repeat(64)}`],
        ["digest is shorter than 32", "quay.io/ours/server@sha256:abc"],
        ["digest is not hexadecimal", `quay.io/ours/server@sha256:${"x".repeat(64)}`],
      ] as const
    ).map(
      ([what, ref]) =>
        [
          what.replace(/^(tag|digest)/, "the image's $1"),
          { "spec.source.containerImage.ref": ref },
        ] as const,
    ),
    ["path begins without a slash", { "spec.config.path": "mcp" }],
    ["path has a space", { "spec.config.path": "/m cp" }],
    ["path has a query", { "spec.config.path": "/mcp?x" }],
    ["path has a fragment", { "spec.config.path": "/mcp#x" }],
    ["path has a line break or a tab", { "spec.config.path": "/mcp\t" }],
    ["an argument is empty", { "spec.config.arguments": ["serve", ""] }],
    ["path is not absolute", { "spec.config.storage.0.path": "map" }],
    ["path has a colon", { "spec.config.storage.0.path": "/map:ro" }],
    [
      "configMap belongs to the type ConfigMap",
      { "spec.config.storage.0.source.configMap": undefined },
    ],
    [
      "secret belongs to the type Secret",
      { "spec.config.storage.0.source.secret": { secretName: "s" } },
    ],
    ["emptyDir belongs to the type EmptyDir", { "spec.config.storage.1.source.emptyDir": {} }],
    ["serviceAccountName is no DNS name", { "spec.runtime.security.serviceAccountName": "Own" }],
  ],
  ogx: [
    ["name and image exclude each other", { "spec.distribution.image": "quay.io/x/y:1" }],
    ["name or image is needed", { "spec.distribution": {} }],
    ...["providers", "resources", "storage", "disabledAPIs", "baseConfig"].map((member) => {
      const others = ["providers", "resources", "storage", "baseConfig"].filter(
        (each) => each !== member,
      );
      const changes: Record<string, unknown> = { "spec.overrideConfig": { name: "m", key: "k" } };
      for (const other of others) changes[`spec.${other}`] = undefined;
      if (member === "disabledAPIs") changes["spec.disabledAPIs"] = ["files"];
      return [`overrideConfig excludes ${member}`, changes] as const;
    }),
    ...[
      "inference",
      "vector_io",
      "tool_runtime",
      "files",
      "batches",
      "responses",
      "file_processors",
    ].map(
      (api) => [`${api} is disabled and has providers`, { "spec.disabledAPIs": [api] }] as const,
    ),
    [
      "type begins with neither remote:: nor inline::",
      { "spec.providers.inference.inline.custom.0.type": "own" },
    ],
    ["redis needs an endpoint", { "spec.storage.kv.endpoint": undefined }],
    ["endpoint is for redis alone", { "spec.storage.kv.type": "sqlite" }],
    ["password is for redis alone", { "spec.storage.kv.type": undefined }],
    ["postgres needs a connectionString", { "spec.storage.sql.connectionString": undefined }],
    ["connectionString is for postgres alone", { "spec.storage.sql.type": "sqlite" }],
    ["maxReplicas is below minReplicas", { "spec.workload.autoscaling.minReplicas": 3 }],
    ["size is nothing", { "spec.workload.storage.size": 0 }],
    ["minAvailable or maxUnavailable is needed", { "spec.workload.podDisruptionBudget": {} }],
    [
      "minAvailable and maxUnavailable exclude each other",
      { "spec.workload.podDisruptionBudget.maxUnavailable": "50%" },
    ],
    ["hnsw or ivfFlat is needed", { "spec.providers.vectorIo.remote.pgvector.0.vectorIndex": {} }],
    [
      "hnsw and ivfFlat exclude each other",
      { "spec.providers.vectorIo.remote.pgvector.0.vectorIndex.ivfFlat": { nlist: 1, nprobe: 1 } },
    ],
    ["url or host is needed", { "spec.providers.vectorIo.remote.qdrant": [{ id: "q" }] }],
    ...emptyMembers(),
  ],
};

/** Members that may be missing, but not empty. */
function emptyMembers(): readonly (readonly [string, Changes])[] {
  const members: Readonly<Record<string, readonly string[]>> = {
    "resources.models.0": ["provider", "modelType", "quantization"],
    "network.externalAccess": ["hostname"],
    "workload.storage": ["mountPath"],
    "workload.overrides": ["serviceAccountName"],
    "providers.inference.remote.vllm.0": ["id"],
    "providers.inference.remote.vllm.0.network.proxy": ["url", "http", "https", "cacert"],
    "providers.inference.remote.openai.0": ["endpoint"],
    "providers.inference.remote.azure.0": ["apiVersion", "apiType"],
    "providers.inference.remote.bedrock.0": [
      ...["awsRoleArn", "awsWebIdentityTokenFile", "awsRoleSessionName"],
      ...["profileName", "retryMode"],
    ],
    "providers.inference.remote.vertexai.0": ["location"],
    "providers.inference.remote.watsonx.0": ["endpoint", "projectId"],
    "providers.inference.inline.custom.0": ["id"],
    "providers.vectorIo.remote.pgvector.0": ["host", "db", "user"],
    "providers.vectorIo.remote.milvus.0": ["consistencyLevel"],
    "providers.vectorIo.remote.qdrant.0": ["url", "host", "location", "prefix"],
    "providers.toolRuntime.remote.modelContextProtocol.0": ["id"],
    "providers.toolRuntime.inline.fileSearch.0.vectorStoresConfig": ["defaultProviderId"],
    "providers.files.remote.s3": ["region", "endpointUrl"],
    "providers.responses.inline.builtin.compactionConfig": [
      ...["summarizationPrompt", "summaryPrefix", "summarizationModel", "tokenizerEncoding"],
    ],
    "providers.fileProcessors.remote.doclingServe": ["baseUrl"],
  };
  return Object.entries(members).flatMap(([path, names]) =>
    names.map((name) => [`${name} is there, but empty`, { [`spec.${path}.${name}`]: "" }] as const),
  );
}
