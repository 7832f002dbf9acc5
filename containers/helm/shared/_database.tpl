{{/*
Where a service's database is, by `database.mode`, as YAML: config, url, username, secret, passwordKey. Takes root, key and
prefix, which is what the names of its ConfigMap and of its Secret begin with.
*/}}
{{- define "berth.databaseOf" -}}
{{- $mode := .root.Values.database.mode -}}
{{- $v := index .root.Values .key -}}
{{- $pg := index .root.Values.postgresql .key -}}
{{- $config := include "berth.name" (dict "root" .root "name" (printf "%s-%s-config" .prefix .key)) -}}
{{- $own := include "berth.name" (dict "root" .root "name" (printf "%s-%s-secret" .prefix .key)) -}}
{{- $cluster := include "berth.name" (dict "root" .root "name" $pg.name) -}}
{{- $service := include "berth.name" (dict "root" .root "name" $pg.service.name) -}}
config: {{ $config }}
{{- if eq $mode "external" }}
{{- if not $v.database.url }}{{ fail (printf "Cannot reach the database: %s.database.url is not set; expected an address for database.mode external" .key) }}{{ end }}
{{- if not $v.database.existingSecret }}{{ fail (printf "Cannot log in to the database: %s.database.existingSecret is not set; expected a Secret's name for database.mode external" .key) }}{{ end }}
{{- if regexMatch "@|[?&]password=" $v.database.url }}{{ fail (printf "Cannot take %s.database.url: it holds a user or a password; expected %s.database.username, and the password in the Secret of %s.database.existingSecret" .key .key .key) }}{{ end }}
url: {{ $v.database.url | quote }}
username: {{ $v.database.username }}
secret: {{ $v.database.existingSecret }}
passwordKey: {{ $v.database.passwordKey }}
{{- else if eq $mode "cnpg" }}
url: jdbc:postgresql://{{ $cluster }}-rw:5432/{{ $pg.env.database }}
username: {{ $pg.env.user }}
secret: {{ $cluster }}-app
passwordKey: password
{{- else }}
url: jdbc:postgresql://{{ $service }}:{{ $pg.service.port }}/{{ $pg.env.database }}
username: {{ $pg.env.user }}
secret: {{ $pg.existingSecret | default $own }}
passwordKey: database.password
{{- end }}
{{- end -}}

{{/* The rule that lets a service reach its database. Takes root, key and url. */}}
{{- define "berth.databaseEgress" -}}
{{- $mode := .root.Values.database.mode -}}
{{- $pg := index .root.Values.postgresql .key -}}
{{- if eq $mode "external" }}
{{- $address := regexFind "//[^/?]*" .url }}
- ports:
    - { protocol: TCP, port: {{ regexFind ":[0-9]+$" $address | trimPrefix ":" | default "5432" }} }
{{- /* The pods of a Service in the cluster may listen elsewhere. */}}
{{- if regexMatch "^//[^.:]+(\\.[^.]+\\.svc[^:]*)?(:[0-9]+)?$" $address }}
-
  {{- include "berth.urlEgress" (dict "url" (printf "postgres:%s" $address) "peers" (list (dict "podSelector" dict))) | nindent 2 }}
{{- end }}
{{- else }}
{{- /* The port of the pods, whatever the Service's is. */}}
- ports:
    - { protocol: TCP, port: 5432 }
  to:
    - podSelector:
        matchLabels:
          {{- if eq $mode "builtin" }}
          app.kubernetes.io/instance: {{ .root.Release.Name }}
          app.kubernetes.io/component: postgresql-{{ .key }}
          {{- else }}
          cnpg.io/cluster: {{ include "berth.name" (dict "root" .root "name" $pg.name) }}
          {{- end }}
{{- end }}
{{- end -}}

{{/* The environment by which a service finds its database, under the names of its three variables. */}}
{{- define "berth.databaseEnv" -}}
- name: {{ index .names 0 }}
  valueFrom:
    configMapKeyRef: { name: {{ .db.config }}, key: database.url }
- name: {{ index .names 1 }}
  valueFrom:
    configMapKeyRef: { name: {{ .db.config }}, key: database.username }
- name: {{ index .names 2 }}
  valueFrom:
    secretKeyRef: { name: {{ .db.secret }}, key: {{ .db.passwordKey }} }
{{- end -}}

{{/*
One service with its database: ConfigMap, Secret, component and database. Takes what `berth.component` takes but v, env
and egress; prefix, and envNames: the variables for address, user and password. env and egress are added to its own.
*/}}
{{- define "berth.databaseService" -}}
{{- $v := index .root.Values .key -}}
{{- $pg := index .root.Values.postgresql .key -}}
{{- $mode := .root.Values.database.mode -}}
{{- $db := include "berth.databaseOf" . | fromYaml -}}
{{- $labels := dict "root" .root "app" (include "berth.name" (dict "root" .root "name" $v.name)) "key" .key -}}
{{- $env := printf "%s\n%s" (include "berth.databaseEnv" (dict "names" .envNames "db" $db)) (.env | default "") -}}
{{- $egress := concat (include "berth.databaseEgress" (merge (dict "url" $db.url) .) | fromYamlArray) (.egress | default list) -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $db.config }}
  labels:
    {{- include "berth.labels" $labels | nindent 4 }}
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
    {{- include "berth.labels" $labels | nindent 4 }}
type: Opaque
data:
  database.password: {{ include "berth.keptSecret" (dict "root" .root "secret" $db.secret "key" "database.password") }}
  database.admin-password: {{ include "berth.keptSecret" (dict "root" .root "secret" $db.secret "key" "database.admin-password") }}
{{- end }}
---
{{ include "berth.component" (merge (dict "v" $v "env" ($env | trim) "egress" $egress
  "checksum" (printf "%s %s %s" $db.url $db.username (.checksum | default ""))) .) }}
{{- if ne $mode "external" }}
---
{{ include "berth.database" (dict "root" .root "v" $pg "key" (printf "postgresql-%s" .key) "mode" $mode "client" .key
  "secret" $db.secret "passwordKey" "database.password" "adminPasswordKey" "database.admin-password") }}
{{- end }}
{{- end -}}
