{{/*
Everything of one program: Deployment, Service, exposure, NetworkPolicy, PodDisruptionBudget, HorizontalPodAutoscaler and
ServiceMonitor. Takes
  root       the chart's context
  v          the component's values
  key        its component label, and its key in the values unless valuesKey is given
  container  the container's name
  portName   the name of its port
  args       the image's arguments, a list
  env        the variables, a YAML text
and may take mounts, volumes, affinity (YAML texts), podLabels, checksum, timeout (of the Route), egress, clients.
*/}}
{{- define "berth.component" -}}
{{- $app := include "berth.name" (dict "root" .root "name" .v.name) -}}
{{- $service := include "berth.name" (dict "root" .root "name" .v.service.name) -}}
{{- $c := merge (dict "app" $app "service" $service) . -}}
{{ include "berth.deployment" $c }}
---
{{ include "berth.service" $c }}
---
{{ include "berth.networkPolicy" $c }}
{{- if .v.route.enabled }}
---
{{ include "berth.exposure" $c }}
{{- end }}
{{- if and .root.Values.podDisruptionBudget.enabled (include "berth.isReplicated" $c) }}
---
{{ include "berth.podDisruptionBudget" $c }}
{{- end }}
{{- if .v.autoscaling.enabled }}
---
{{ include "berth.autoscaler" $c }}
{{- end }}
{{- if and .root.Values.serviceMonitor.enabled (.root.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}
---
{{ include "berth.serviceMonitor" $c }}
{{- end }}
{{- end -}}

{{- define "berth.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .service }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
    {{- with .podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  type: ClusterIP
  selector:
    {{- include "berth.selector" . | nindent 4 }}
  ports:
    - name: {{ .portName }}
      port: {{ .v.service.port }}
      targetPort: {{ .portName }}
      protocol: TCP
{{- end -}}

{{- define "berth.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  minAvailable: 1
  {{- if semverCompare ">=1.27.0-0" .root.Capabilities.KubeVersion.Version }}
  # A pod that is not ready serves nobody and must not keep a node from being emptied.
  unhealthyPodEvictionPolicy: AlwaysAllow
  {{- end }}
  selector:
    matchLabels:
      {{- include "berth.selector" . | nindent 6 }}
{{- end -}}

{{- define "berth.autoscaler" -}}
{{- with .v.autoscaling }}
{{- if lt (int .maxReplicas) (int .minReplicas) }}
{{- fail (printf "Cannot scale %q: autoscaling.maxReplicas is %d; expected %d or more" $.app (int .maxReplicas) (int .minReplicas)) }}
{{- end }}
{{- end }}
{{- if not (dig "requests" "cpu" "" (.v.resources | default dict)) }}
{{- fail (printf "Cannot scale %q: resources.requests.cpu is not set; expected the CPU of which autoscaling takes a share" .app) }}
{{- end -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .app }}
  minReplicas: {{ .v.autoscaling.minReplicas }}
  maxReplicas: {{ .v.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .v.autoscaling.targetCPUUtilizationPercentage }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
{{- end -}}

{{- define "berth.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels:
      app: {{ .label | default .app }}
      app.kubernetes.io/instance: {{ .root.Release.Name }}
  endpoints:
    - port: {{ .portName }}
      path: /metrics
      interval: 30s
{{- end -}}
