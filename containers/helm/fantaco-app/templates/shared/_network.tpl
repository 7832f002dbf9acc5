{{/* Names are asked for on port 53; OpenShift's DNS pods listen on 5353, and a policy sees the pod's port. */}}
{{- define "berth.dnsEgress" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
    - { protocol: UDP, port: 5353 }
    - { protocol: TCP, port: 5353 }
{{- end -}}

{{/*
What may reach one component and what it may reach. Every pod has such a policy, and a policy that names a pod denies it
everything else, both ways. `clients` and `egress` are lists of rules of the chart itself.
*/}}
{{- define "berth.networkPolicy" -}}
{{- if .root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "berth.selector" . | nindent 6 }}
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
    {{- with .egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with .root.Values.networkPolicy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}
