{{- define "gitopssecrets.image" -}}
{{- $image := .Values.image -}}
{{- $name := $image.repository -}}
{{- if $image.registry -}}
{{- $name = printf "%s/%s" $image.registry $image.repository -}}
{{- end -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) | quote -}}
{{- end -}}

{{/* A probe: the standard check with its timings, else the custom one, else nothing. Takes root, name, custom and check. */}}
{{- define "gitopssecrets.probe" -}}
{{- $timings := get .root.Values .name -}}
{{- if $timings.enabled -}}
{{ .name }}:
  {{- merge (omit $timings "enabled") .check | toYaml | nindent 2 }}
{{- else if .custom -}}
{{ .name }}:
  {{- include "gitopssecrets.render" (dict "value" .custom "root" .root) | nindent 2 }}
{{- end -}}
{{- end -}}
