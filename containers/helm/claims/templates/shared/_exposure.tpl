{{/* The way in from outside the cluster: exactly one of Route, Ingress and HTTPRoute, by `exposure.kind`. */}}
{{- define "berth.exposure" -}}
{{- $kind := .root.Values.exposure.kind -}}
{{- $name := include "berth.name" (dict "root" .root "name" .v.route.name) -}}
{{- $c := merge (dict "routeName" $name) . -}}
{{- if eq $kind "Route" -}}{{ include "berth.route" $c }}
{{- else -}}
{{- if not .v.route.host -}}
{{- fail (printf "Cannot expose %q as %s: %s.route.host is not set; expected a host name" .app $kind .key) -}}
{{- end -}}
{{- if eq $kind "Ingress" -}}{{ include "berth.ingress" $c }}{{- else -}}{{ include "berth.httpRoute" $c }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "berth.route" -}}
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: {{ .routeName }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
  annotations:
    haproxy.router.openshift.io/timeout: {{ .timeout | default "60s" }}
    haproxy.router.openshift.io/disable_cookies: "true"
spec:
  {{- with .v.route.host }}
  host: {{ . }}
  {{- end }}
  to:
    kind: Service
    name: {{ .service }}
    weight: 100
  port:
    targetPort: {{ .portName }}
  tls:
    termination: {{ .v.route.tls.termination }}
    insecureEdgeTerminationPolicy: {{ .v.route.tls.insecureEdgeTerminationPolicy }}
  wildcardPolicy: None
{{- end -}}

{{- define "berth.ingress" -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .routeName }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
  {{- with .root.Values.exposure.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .root.Values.exposure.ingressClassName }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .v.route.tls.existingSecret }}
  tls:
    - hosts: [{{ $.v.route.host }}]
      secretName: {{ . }}
  {{- end }}
  rules:
    - host: {{ .v.route.host }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ .service }}
                port:
                  name: {{ .portName }}
{{- end -}}

{{- define "berth.httpRoute" -}}
{{- if not .root.Values.exposure.parentRefs -}}
{{- fail (printf "Cannot expose %q as HTTPRoute: exposure.parentRefs is empty; expected a gateway" .app) -}}
{{- end -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ .routeName }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  parentRefs:
    {{- toYaml .root.Values.exposure.parentRefs | nindent 4 }}
  hostnames: [{{ .v.route.host }}]
  rules:
    - backendRefs:
        - name: {{ .service }}
          port: {{ .v.service.port }}
{{- end -}}
