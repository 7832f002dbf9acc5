{{/* What every pod is: of no identity in the cluster, not root, closed. The user id is the platform's on OpenShift. */}}
{{- define "berth.podSpec" -}}
automountServiceAccountToken: false
{{- /* A Service named "postgres" would otherwise set POSTGRES_PORT to a URL. */}}
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
  {{- if not .root.Values.openshift.enabled }}
  runAsUser: {{ .uid | default 1001 }}
  fsGroup: {{ .uid | default 1001 }}
  {{- end }}
{{- end -}}

{{- define "berth.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{- define "berth.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ .port }}
initialDelaySeconds: {{ .initialDelaySeconds | default 0 }}
periodSeconds: {{ .periodSeconds | default 10 }}
timeoutSeconds: {{ .timeoutSeconds | default 3 }}
failureThreshold: {{ .failureThreshold | default 3 }}
{{- end -}}

{{/* Probes by name of the port; the start has its own, so that a slow start is not taken for a dead program. */}}
{{- define "berth.probes" -}}
startupProbe:
  {{- $start := merge (dict "failureThreshold" 60 "periodSeconds" 1 "initialDelaySeconds" 0) .v.livenessProbe }}
  {{- include "berth.probe" (merge (dict "port" .portName) $start) | nindent 2 }}
livenessProbe:
  {{- include "berth.probe" (merge (dict "port" .portName) .v.livenessProbe) | nindent 2 }}
readinessProbe:
  {{- include "berth.probe" (merge (dict "port" .portName) .v.readinessProbe) | nindent 2 }}
{{- end -}}

{{/* A container of ours. `args` and `env` are YAML texts; `mounts` too. */}}
{{- define "berth.container" -}}
name: {{ .container }}
image: {{ include "berth.image" (dict "root" .root "image" .v.image) }}
imagePullPolicy: {{ .v.image.pullPolicy }}
args: {{ .args | toJson }}
ports:
  - name: {{ .portName }}
    containerPort: {{ .v.service.targetPort }}
    protocol: TCP
env:
  - name: HOST
    value: 0.0.0.0
  - name: PORT
    value: {{ .v.service.targetPort | quote }}
  - name: LOG_LEVEL
    value: {{ (.v.logging).level | default .root.Values.logLevel | lower | quote }}
  {{- .env | nindent 2 }}
{{ include "berth.probes" . }}
{{- if semverCompare ">=1.30.0-0" .root.Capabilities.KubeVersion.Version }}
# Routers and other pods hear a little later than the pod that it is to stop.
lifecycle:
  preStop:
    sleep:
      seconds: 5
{{- end }}
resources:
  {{- toYaml .v.resources | nindent 2 }}
{{ include "berth.containerSecurity" . }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with .mounts }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "berth.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  {{- if not .v.autoscaling.enabled }}
  replicas: {{ .v.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "berth.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "berth.podLabels" . | nindent 8 }}
        {{- with .podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/config: {{ .checksum | default "none" | sha256sum }}
    spec:
      {{- include "berth.podSpec" . | nindent 6 }}
      terminationGracePeriodSeconds: 45
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
                    {{- include "berth.selector" . | nindent 20 }}
        {{- with .affinity }}
        {{- . | nindent 8 }}
        {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "berth.selector" . | nindent 14 }}
      {{- with .initContainers }}
      initContainers:
        {{- . | nindent 8 }}
      {{- end }}
      containers:
        - {{- include "berth.container" . | nindent 10 }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
        {{- with .volumes }}
        {{- . | nindent 8 }}
        {{- end }}
{{- end -}}
