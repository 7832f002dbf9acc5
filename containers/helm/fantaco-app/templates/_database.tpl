{{/* Where a service's database is: the ConfigMap's and the Secret's content by `database.mode`. Takes root and key. */}}
{{- define "fantaco-app.database" -}}
{{- $mode := .root.Values.database.mode -}}
{{- $v := index .root.Values .key -}}
{{- $pg := index .root.Values.postgresql .key -}}
{{- $config := include "berth.name" (dict "root" .root "name" (printf "fantaco-%s-config" .key)) -}}
{{- $own := include "berth.name" (dict "root" .root "name" (printf "fantaco-%s-secret" .key)) -}}
{{- $cluster := include "berth.name" (dict "root" .root "name" $pg.name) -}}
{{- $service := include "berth.name" (dict "root" .root "name" $pg.service.name) -}}
{{- if eq $mode "external" -}}
{{- if not $v.database.url }}{{ fail (printf "Cannot reach the database: %s.database.url is not set; expected an address for database.mode external" .key) }}{{ end -}}
{{- if not $v.database.existingSecret }}{{ fail (printf "Cannot log in to the database: %s.database.existingSecret is not set; expected a Secret's name for database.mode external" .key) }}{{ end -}}
config: {{ $config }}
url: {{ $v.database.url | quote }}
username: {{ $v.database.username }}
secret: {{ $v.database.existingSecret }}
passwordKey: {{ $v.database.passwordKey }}
{{- else if eq $mode "cnpg" -}}
config: {{ $config }}
url: jdbc:postgresql://{{ $cluster }}-rw:5432/{{ $pg.env.database }}
username: {{ $pg.env.user }}
secret: {{ $cluster }}-app
passwordKey: password
{{- else -}}
config: {{ $config }}
url: jdbc:postgresql://{{ $service }}:{{ $pg.service.port }}/{{ $pg.env.database }}
username: {{ $pg.env.user }}
secret: {{ $pg.existingSecret | default $own }}
passwordKey: database.password
{{- end -}}
{{- end -}}

{{/* One service with its database. Takes root and key. */}}
{{- define "fantaco-app.service" -}}
{{- $v := index .root.Values .key -}}
{{- $pg := index .root.Values.postgresql .key -}}
{{- $mode := .root.Values.database.mode -}}
{{- if $v.enabled -}}
{{- $db := include "fantaco-app.database" . | fromYaml -}}
{{- $app := include "berth.name" (dict "root" .root "name" $v.name) -}}
{{- $port := 5432 -}}
{{- if eq $mode "external" -}}
{{- $port = regexReplaceAll "^.*:([0-9]+)/.*$" $db.url "${1}" | int -}}
{{- if eq $port 0 }}{{ $port = 5432 }}{{ end -}}
{{- end -}}
{{- $rule := dict "ports" (list (dict "protocol" "TCP" "port" $port)) -}}
{{- if eq $mode "builtin" -}}
{{- $peer := dict "app.kubernetes.io/instance" .root.Release.Name "app.kubernetes.io/component" (printf "postgresql-%s" .key) -}}
{{- $_ := set $rule "to" (list (dict "podSelector" (dict "matchLabels" $peer))) -}}
{{- else if eq $mode "cnpg" -}}
{{- $cluster := include "berth.name" (dict "root" .root "name" $pg.name) -}}
{{- $_ := set $rule "to" (list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" $cluster)))) -}}
{{- end -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $db.config }}
  labels:
    {{- include "berth.labels" (dict "root" .root "app" $app "key" .key) | nindent 4 }}
data:
  database.url: {{ $db.url | quote }}
  database.username: {{ $db.username | quote }}
{{- if and (eq $mode "builtin") (not $pg.existingSecret) }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ $db.secret }}
  labels:
    {{- include "berth.labels" (dict "root" .root "app" $app "key" .key) | nindent 4 }}
type: Opaque
data:
  database.password: {{ include "berth.keptSecret" (dict "root" .root "secret" $db.secret "key" "database.password") }}
  database.admin-password: {{ include "berth.keptSecret" (dict "root" .root "secret" $db.secret "key" "database.admin-password") }}
{{- end }}
---
{{ include "berth.component" (dict "root" .root "v" $v "key" .key "container" $v.name "portName" "http" "args" (list .key)
  "env" (include "fantaco-app.env" $db) "checksum" (printf "%s %s" $db.url $db.username) "egress" (list $rule)) }}
{{- if ne $mode "external" }}
---
{{ include "berth.database" (dict "root" .root "v" $pg "key" (printf "postgresql-%s" .key) "mode" $mode "client" .key
  "secret" $db.secret "passwordKey" "database.password" "adminPasswordKey" "database.admin-password") }}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "fantaco-app.env" -}}
- name: SPRING_DATASOURCE_URL
  valueFrom:
    configMapKeyRef: { name: {{ .config }}, key: database.url }
- name: SPRING_DATASOURCE_USERNAME
  valueFrom:
    configMapKeyRef: { name: {{ .config }}, key: database.username }
- name: SPRING_DATASOURCE_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ .secret }}, key: {{ .passwordKey }} }
{{- end -}}
