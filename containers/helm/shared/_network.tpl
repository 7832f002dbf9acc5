{{/* Names are asked for on port 53; OpenShift's DNS pods listen on 5353, and a policy sees the pod's port. */}}
{{- define "berth.dnsEgress" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
    - { protocol: UDP, port: 5353 }
    - { protocol: TCP, port: 5353 }
{{- end -}}

{{/*
The rule that lets a pod reach a URL. A policy knows no names, and sees the port of a pod where the URL has that of its Service:
a short name is a Service of this namespace, and the pods of `peers` are meant; `name.namespace.svc` means the pods of that
namespace; any other host is let through by its port. Takes url and peers.
*/}}
{{- define "berth.urlEgress" -}}
{{- $url := urlParse .url -}}
{{- $host := regexReplaceAll ":[0-9]+$" $url.host "" -}}
{{- $namespace := regexFind "^[^.]+\\.[^.]+\\.svc(\\.|$)" $host -}}
{{- if not (regexMatch "[.:]" $host) -}}
to:
  {{- toYaml .peers | nindent 2 }}
{{- else if $namespace -}}
to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {{ index (splitList "." $namespace) 1 }}
{{- else -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (ternary "443" "80" (eq $url.scheme "https")) -}}
ports:
  - { protocol: TCP, port: {{ $port }} }
{{- end }}
{{- end -}}

{{/*
What may reach one component and what it may reach. Every pod has such a policy, and a policy that names a pod denies it
everything else, both ways. `clients` and `egress` are lists of rules of the chart itself. With isOperated the pods are those of
an operator, which has an app label of its own and no name for the port.
*/}}
{{- define "berth.networkPolicy" -}}
{{- if .root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
  {{- if .isOperated }}
  annotations:
    kube-score/ignore: networkpolicy-targets-pod
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- omit (include "berth.selector" . | fromYaml) (ternary "app" "" (.isOperated | default false)) | toYaml | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - protocol: TCP
          port: {{ .portName }}
      from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/part-of: {{ include "berth.partOf" .root }}
        {{- with .clients }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- if and .v.route .v.route.enabled }}
        - namespaceSelector:
            matchLabels:
              {{- toYaml .root.Values.networkPolicy.routerNamespace | nindent 14 }}
        {{- end }}
        {{- if .root.Values.serviceMonitor.enabled }}
        - namespaceSelector:
            matchLabels:
              network.openshift.io/policy-group: monitoring
        {{- end }}
        {{- with .root.Values.networkPolicy.clients }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  egress:
    {{- include "berth.dnsEgress" . | nindent 4 }}
    {{- with .egress | uniq }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with .root.Values.networkPolicy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}
