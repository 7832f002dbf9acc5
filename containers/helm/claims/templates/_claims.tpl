{{/* The name of the documents' volume claim. */}}
{{- define "claims.documents" -}}
{{ .Values.documents.existingClaim | default (include "berth.name" (dict "root" . "name" .Values.documents.claimName)) }}
{{- end -}}

{{- define "claims.documentsVolume" -}}
- name: documents
  persistentVolumeClaim:
    claimName: {{ include "claims.documents" .root }}
    readOnly: {{ .readOnly }}
{{- end -}}

{{/* A volume of one node keeps the pods that mount it on that node. */}}
{{- define "claims.sameNode" -}}
{{- if eq .Values.documents.accessMode "ReadWriteOnce" -}}
podAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels:
          berth.dev/documents: {{ include "claims.documents" . }}
{{- end -}}
{{- end -}}

{{- define "claims.tokens" -}}
{{ .Values.tokens.existingSecret | default (include "berth.name" (dict "root" . "name" "claims-tokens")) }}
{{- end -}}

{{- define "claims.token" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ include "claims.tokens" .root }}, key: {{ .key }} }
{{- end -}}

{{/* Where the Llama Stack of this release answers, or another one; empty for the built-in workflow. */}}
{{- define "claims.llamaStackUrl" -}}
{{- with .Values.llamaStack -}}
{{- if eq .kind "none" -}}{{ .endpoint }}
{{- else if eq .kind "LlamaStackDistribution" -}}http://{{ include "claims.llamaStackName" $ }}-service:8321
{{- else -}}http://{{ include "claims.llamaStackName" $ }}-service:8321{{- end -}}
{{- end -}}
{{- end -}}

{{- define "claims.llamaStackName" -}}
{{ include "berth.name" (dict "root" . "name" .Values.llamaStack.name) }}
{{- end -}}
