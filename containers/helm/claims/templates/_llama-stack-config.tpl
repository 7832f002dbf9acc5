{{/* The configuration for Llama Stack up to 0.6: agents, and tool groups. */}}
{{- define "claims.runYaml" -}}
version: 2
image_name: claims
apis: [inference, agents, tool_runtime, safety, vector_io, files]
providers:
  inference:
    - provider_id: vllm
      provider_type: remote::vllm
      config:
        url: ${env.VLLM_URL}
        max_tokens: ${env.VLLM_MAX_TOKENS:=8192}
        api_token: ${env.VLLM_API_TOKEN:=none}
  agents:
    - provider_id: builtin
      provider_type: inline::meta-reference
      config:
        persistence:
          agent_state: { namespace: agents, backend: kv_default }
          responses: { table_name: responses, backend: sql_default, max_write_queue_size: 10000, num_writers: 4 }
  safety: []
  {{- include "claims.commonProviders" . | nindent 2 }}
storage:
  {{- include "claims.storageBackends" . | nindent 2 }}
  stores:
    metadata: { namespace: registry, backend: kv_default }
    inference: { table_name: inference, backend: sql_default, max_write_queue_size: 10000, num_writers: 4 }
    conversations: { table_name: conversations, backend: sql_default }
    prompts: { namespace: prompts, backend: kv_default }
registered_resources:
  {{- include "claims.models" . | nindent 2 }}
  tool_groups:
    {{- range list "ocr" "rag" "decision" }}
    - toolgroup_id: mcp::{{ . }}-server
      provider_id: model-context-protocol
      mcp_endpoint:
        uri: {{ include "claims.serverUrl" (dict "root" $ "key" .) }}
    {{- end }}
server:
  port: 8321
{{- end -}}

{{/* The configuration from Llama Stack 0.7 on, and for OGX: responses, and connectors. */}}
{{- define "claims.configYaml" -}}
version: 2
distro_name: claims
apis: [inference, responses, tool_runtime, vector_io, files]
providers:
  inference:
    - provider_id: vllm
      provider_type: remote::vllm
      config:
        base_url: ${env.VLLM_URL}
        max_tokens: ${env.VLLM_MAX_TOKENS:=8192}
        api_token: ${env.VLLM_API_TOKEN:=none}
  responses:
    - provider_id: builtin
      provider_type: inline::builtin
      config:
        persistence:
          agent_state: { namespace: agents, backend: kv_default }
          responses: { table_name: responses, backend: sql_default }
  {{- include "claims.commonProviders" . | nindent 2 }}
storage:
  {{- include "claims.storageBackends" . | nindent 2 }}
  {{- $isOgx := eq .Values.llamaStack.kind "OGXServer" }}
  stores:
    metadata: { namespace: registry, backend: kv_default }
    inference: { table_name: inference, backend: sql_default }
    conversations: { table_name: conversations, backend: sql_default }
    {{- /* OGX keeps these in tables from 1.0 on. */}}
    {{- range list "prompts" "connectors" }}
    {{ . }}: {{ ternary (dict "table_name" . "backend" "sql_default") (dict "namespace" . "backend" "kv_default") $isOgx | toJson }}
    {{- end }}
registered_resources:
  {{- include "claims.models" . | nindent 2 }}
connectors:
  {{- range list "ocr" "rag" "decision" }}
  - connector_id: {{ . }}-server
    connector_type: mcp
    url: {{ include "claims.serverUrl" (dict "root" $ "key" .) }}
  {{- end }}
server:
  port: 8321
{{- end -}}

{{- define "claims.commonProviders" -}}
tool_runtime:
  - provider_id: model-context-protocol
    provider_type: remote::model-context-protocol
    config: {}
vector_io: []
files:
  - provider_id: localfs
    provider_type: inline::localfs
    config:
      storage_dir: ${env.SQLITE_STORE_DIR:={{ include "claims.storeDir" . }}}/files
      metadata_store: { table_name: files, backend: sql_default }
{{- end -}}

{{- define "claims.storageBackends" -}}
backends:
  kv_default: { type: kv_sqlite, db_path: "${env.SQLITE_STORE_DIR:={{ include "claims.storeDir" . }}}/kv.db" }
  sql_default: { type: sql_sqlite, db_path: "${env.SQLITE_STORE_DIR:={{ include "claims.storeDir" . }}}/sql.db" }
{{- end -}}

{{- define "claims.models" -}}
models:
  - model_id: ${env.INFERENCE_MODEL}
    provider_id: vllm
    provider_model_id: ${env.INFERENCE_MODEL}
    model_type: llm
{{- end -}}

{{/* Where the operator mounts the volume. */}}
{{- define "claims.storeDir" -}}
{{ ternary "/.ogx" "/.llama" (eq .Values.llamaStack.kind "OGXServer") }}
{{- end -}}
