{{/*
Refuses an installation whose values name a Secret that is not there, or that lacks a key: its pods would wait for it without
a word. Where no cluster is asked, as in `helm template`, nothing is known and nothing is refused. Takes root, name, keys and
path, which is what the values call it.
*/}}
{{- define "berth.requireSecret" -}}
{{- if and .name (lookup "v1" "Namespace" "" .root.Release.Namespace) -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .name -}}
{{- if not $found -}}
{{- fail (printf "Cannot use the Secret %q of %s: it is not in the namespace %q" .name .path .root.Release.Namespace) -}}
{{- end -}}
{{- range .keys -}}
{{- if not (hasKey ($found.data | default dict) .) -}}
{{- fail (printf "Cannot use the Secret %q of %s: it has no key %q" $.name $.path .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The same for the Secrets of one service's database. Takes root and key. */}}
{{- define "berth.requireDatabaseSecrets" -}}
{{- $database := (index .root.Values .key).database -}}
{{- if eq .root.Values.database.mode "external" -}}
{{- include "berth.requireSecret" (dict "root" .root "name" $database.existingSecret "keys" (list $database.passwordKey) "path" (printf "%s.database.existingSecret" .key)) -}}
{{- else if eq .root.Values.database.mode "builtin" -}}
{{- $name := (index .root.Values.postgresql .key).existingSecret -}}
{{- include "berth.requireSecret" (dict "root" .root "name" $name "keys" (list "database.password" "database.admin-password") "path" (printf "postgresql.%s.existingSecret" .key)) -}}
{{- end -}}
{{- end -}}
