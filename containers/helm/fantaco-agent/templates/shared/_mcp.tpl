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

{{/*
The rule that lets a pod reach a URL: a short name is a Service of this namespace, and only the pods of `peers` are meant;
any other host is let through by its port, because a policy knows no names. Takes url and peers.
*/}}
{{- define "berth.urlEgress" -}}
{{- $url := urlParse .url -}}
{{- $host := regexReplaceAll ":[0-9]+$" $url.host "" -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (ternary "443" "80" (eq $url.scheme "https")) -}}
ports:
  - { protocol: TCP, port: {{ $port }} }
{{- if not (contains "." $host) }}
to:
  {{- toYaml .peers | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Llama Stack's pods, as its operators label them. */}}
{{- define "berth.llamaStackPeer" -}}
podSelector:
  matchLabels:
    app: llama-stack
{{- end -}}

{{/* An MCP server for the MCP Lifecycle Operator, which makes its Deployment and its Service. Takes root, v, key, args and env. */}}
{{- define "berth.mcpServer" -}}
{{- $app := include "berth.name" (dict "root" .root "name" .v.name) -}}
apiVersion: mcp.x-k8s.io/v1alpha1
kind: MCPServer
metadata:
  name: {{ $app }}
  labels:
    {{- include "berth.labels" (merge (dict "app" $app) .) | nindent 4 }}
spec:
  source:
    type: ContainerImage
    containerImage:
      ref: {{ include "berth.image" (dict "root" .root "image" .v.image) }}
  config:
    port: {{ .v.service.targetPort }}
    path: /mcp
    arguments: {{ .args | toJson }}
    env:
      - name: PORT
        value: {{ .v.service.targetPort | quote }}
      {{- .env | nindent 6 }}
  runtime:
    replicas: {{ .v.replicas }}
    resources:
      {{- toYaml .v.resources | nindent 6 }}
  mcp:
    stateless: true
{{- end -}}
