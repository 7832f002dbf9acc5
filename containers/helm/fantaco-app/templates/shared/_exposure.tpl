{{/* The way in from outside the cluster: exactly one of Route, Ingress and HTTPRoute, by `exposure.kind`. */}}
{{- define "berth.exposure" -}}
{{- $kind := .root.Values.exposure.kind -}}
{{- $name := include "berth.name" (dict "root" .root "name" .v.route.name) -}}
{{- $path := printf "%s.route" (.valuesKey | default .key) -}}
{{- $c := merge (dict "routeName" $name) . -}}
{{- if and .v.route.tls.existingSecret (ne $kind "Ingress") -}}
{{- fail (printf "Cannot expose %q as %s: %s.tls.existingSecret is set, which only an Ingress takes; expected the certificate at the router or gateway" .app $kind $path) -}}
{{- end -}}
{{- if eq $kind "Route" -}}{{ include "berth.route" $c }}
{{- else -}}
{{- if not .v.route.host -}}
{{- fail (printf "Cannot expose %q as %s: %s.host is not set; expected a host name" .app $kind $path) -}}
{{- end -}}
{{- if eq $kind "Ingress" -}}{{ include "berth.ingress" $c }}{{- else -}}{{ include "berth.httpRoute" $c }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* For NOTES.txt: the commands by which a shell learns a component's address, whatever the way in. Takes root and v. */}}
{{- define "berth.noteUrl" -}}
{{- $namespace := .root.Release.Namespace -}}
{{- if not .v.route.enabled -}}
oc port-forward -n {{ $namespace }} svc/{{ include "berth.name" (dict "root" .root "name" .v.service.name) }} 8080:{{ .v.service.port }} &
URL=http://127.0.0.1:8080
{{- else if eq .root.Values.exposure.kind "Route" -}}
URL=https://$(oc get route {{ include "berth.name" (dict "root" .root "name" .v.route.name) }} -n {{ $namespace }} -o jsonpath='{.spec.host}')
{{- else -}}
URL={{ ternary "https" "http" (not (not .v.route.tls.existingSecret)) }}://{{ .v.route.host }}
{{- end -}}
{{- end -}}

{{- define "berth.route" -}}
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: {{ .routeName }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
  {{- $own := dict "haproxy.router.openshift.io/timeout" (.timeout | default "60s") "haproxy.router.openshift.io/disable_cookies" "true" }}
  annotations:
    {{- toYaml (merge (deepCopy .root.Values.exposure.annotations) $own) | nindent 4 }}
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
  {{- with .root.Values.exposure.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  parentRefs:
    {{- toYaml .root.Values.exposure.parentRefs | nindent 4 }}
  hostnames: [{{ .v.route.host }}]
  rules:
    - backendRefs:
        - name: {{ .service }}
          port: {{ .v.service.port }}
{{- end -}}
