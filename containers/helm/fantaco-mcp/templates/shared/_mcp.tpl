{{/* The environment of an MCP server that calls one REST service. Takes v, urlName and url. */}}
{{- define "berth.mcpEnv" -}}
- name: MCP_ALLOWED_HOSTS
  value: {{ .v.env.allowedHosts | quote }}
- name: {{ .urlName }}
  value: {{ .url | quote }}
{{- with .v.auth.existingSecret }}
- name: MCP_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: {{ $.v.auth.tokenKey }} }
{{- end }}
{{- end -}}

{{/* Llama Stack's pods, as its operators label them: that of LlamaStackDistribution, and that of OGXServer. */}}
{{- define "berth.llamaStackPeer" -}}
podSelector:
  matchExpressions:
    - { key: app, operator: In, values: [llama-stack, ogx] }
{{- end -}}

{{/*
An MCP server for the MCP Lifecycle Operator, which makes a Deployment and a Service of the object's own name and port: those
by which the server is called without the operator, too. Takes root, v, key, args and env.
*/}}
{{- define "berth.mcpServer" -}}
{{- $app := include "berth.name" (dict "root" .root "name" .v.name) -}}
{{- $c := merge (dict "app" $app) . -}}
{{- $port := int .v.service.port -}}
{{- if .v.autoscaling.enabled -}}
{{- fail (printf "Cannot scale %q: %s.autoscaling.enabled and rhoai.mcpServers are both set; expected one of them, because the operator keeps a fixed number of replicas" $app .key) -}}
{{- end -}}
apiVersion: mcp.x-k8s.io/v1alpha1
kind: MCPServer
metadata:
  name: {{ include "berth.name" (dict "root" .root "name" .v.service.name) }}
  labels:
    {{- include "berth.labels" $c | nindent 4 }}
spec:
  # By part-of the REST services let the pods in. The operator has an app label of its own.
  extraLabels:
    {{- omit (include "berth.podLabels" $c | fromYaml) "app" | toYaml | nindent 4 }}
  source:
    type: ContainerImage
    containerImage:
      ref: {{ include "berth.image" (dict "root" .root "image" .v.image) }}
  config:
    port: {{ $port }}
    path: /mcp
    arguments: {{ .args | toJson }}
    env:
      - name: PORT
        value: {{ $port | quote }}
      - name: LOG_LEVEL
        value: {{ (.v.logging).level | default .root.Values.logLevel | lower | quote }}
      {{- .env | nindent 6 }}
    # The operator makes the root read-only.
    storage:
      - path: /tmp
        permissions: ReadWrite
        source:
          type: EmptyDir
          emptyDir:
            sizeLimit: 64Mi
  runtime:
    replicas: {{ .v.replicas }}
    resources:
      {{- toYaml .v.resources | nindent 6 }}
    health:
      livenessProbe:
        {{- include "berth.probe" (merge (dict "port" $port) .v.livenessProbe) | nindent 8 }}
      readinessProbe:
        {{- include "berth.probe" (merge (dict "port" $port) .v.readinessProbe) | nindent 8 }}
  mcp:
    stateless: true
{{- end -}}
