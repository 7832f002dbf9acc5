{{/*
A pod for `helm test` that runs a few lines of JavaScript in an image of ours: every executable of ours is a JavaScript
runtime as well, so that no other image is needed. Takes root, v (whose image it is), key, program and script.
*/}}
{{- define "berth.test" -}}
{{- $name := include "berth.name" (dict "root" .root "name" (printf "%s-%s-test" .root.Chart.Name .key)) -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ $name }}
  labels:
    {{- include "berth.podLabels" (dict "root" .root "app" $name "key" (printf "%s-test" .key)) | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  {{- include "berth.podSpec" . | nindent 2 }}
  restartPolicy: Never
  containers:
    - name: test
      image: {{ include "berth.image" (dict "root" .root "image" .v.image) }}
      imagePullPolicy: {{ .v.image.pullPolicy }}
      command: [{{ .program }}, --no-install, --eval]
      args:
        - |
          {{- .script | nindent 10 }}
      env:
        - name: BUN_BE_BUN
          value: "1"
      resources:
        requests: { cpu: 50m, memory: 64Mi }
        limits: { cpu: 500m, memory: 256Mi }
      {{- include "berth.containerSecurity" . | nindent 6 }}
{{- end -}}

{{/* JavaScript: has an MCP server answer tools/list, or ends with what it said. */}}
{{- define "berth.testTools" -}}
const response = await fetch({{ .url | toJson }}, {
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
});
const text = await response.text();
if (!text.includes({{ .tool | toJson }})) throw new Error(`${response.status} ${text}`);
console.log("its tools are there");
{{- end -}}
