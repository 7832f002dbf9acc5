{{/* The name of an object: as given, or with the release's name before it so that two releases fit into one namespace. */}}
{{- define "berth.name" -}}
{{- $name := .name -}}
{{- if .root.Values.releasePrefix -}}{{- $name = printf "%s-%s" .root.Release.Name .name -}}{{- end -}}
{{- if gt (len $name) 63 -}}
{{- fail (printf "Cannot name %q: it has %d characters; expected 63 at most. Choose a shorter release name." $name (len $name)) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* What selects the pods of one component; never changes over upgrades. */}}
{{- define "berth.selector" -}}
app: {{ .app }}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .key }}
{{- end -}}

{{/* The labels of the release, without those of a component. */}}
{{- define "berth.releaseLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: {{ include "berth.partOf" .root }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{/* The labels of an object of one component; `label` replaces the app label where the documented one differs. */}}
{{- define "berth.labels" -}}
app: {{ .label | default .app }}
app.kubernetes.io/component: {{ .key }}
{{ include "berth.releaseLabels" . }}
{{- end -}}

{{- define "berth.podLabels" -}}
{{ include "berth.selector" . }}
app.kubernetes.io/part-of: {{ include "berth.partOf" .root }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end -}}

{{/* The system that a chart belongs to: charts of one system may call each other. */}}
{{- define "berth.partOf" -}}
{{ regexReplaceAll "-.*$" .Chart.Name "" }}
{{- end -}}

{{/* An image by digest, or by tag; `imageRegistry` replaces the registry, for mirrors. */}}
{{- define "berth.image" -}}
{{- $repository := .image.repository -}}
{{- if .root.Values.imageRegistry -}}
{{- $repository = printf "%s/%s" .root.Values.imageRegistry (regexReplaceAll "^[^/]+/" $repository "") -}}
{{- end -}}
{{- if .image.digest -}}{{ $repository }}@{{ .image.digest }}
{{- else -}}{{ $repository }}:{{ .image.tag | default .root.Chart.AppVersion }}{{- end -}}
{{- end -}}

{{/* A secret's value in base64: the one that is in the cluster, or a new one. Kept over upgrades. */}}
{{- define "berth.keptSecret" -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- if and $found (hasKey ($found.data | default dict) .key) -}}{{ index $found.data .key }}
{{- else -}}{{ randAlphaNum 32 | b64enc }}{{- end -}}
{{- end -}}

{{/* Whether more than one pod of a component may run. */}}
{{- define "berth.isReplicated" -}}
{{- $replicas := int .v.replicas -}}
{{- if .v.autoscaling.enabled -}}{{- $replicas = int .v.autoscaling.minReplicas -}}{{- end -}}
{{- if gt $replicas 1 -}}true{{- end -}}
{{- end -}}
