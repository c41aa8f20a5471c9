{{/*
Names are computed as the sealed-secrets chart computes them, from "sealed-secrets" and not from this chart's name: a
release upgraded from that chart keeps its object names, and its Deployment keeps its (immutable) selector.
*/}}
{{- define "gitopssecrets.name" -}}
{{- default "sealed-secrets" .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "gitopssecrets.fullname" -}}
{{- $name := default "sealed-secrets" .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gitopssecrets.namespace" -}}
{{- default .Release.Namespace .Values.namespace -}}
{{- end -}}

{{- define "gitopssecrets.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "gitopssecrets.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "gitopssecrets.selectorLabels" -}}
app.kubernetes.io/name: {{ include "gitopssecrets.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* A value that may hold template expressions. Takes value and root. */}}
{{- define "gitopssecrets.render" -}}
{{- if kindIs "string" .value -}}
{{- tpl .value .root -}}
{{- else -}}
{{- tpl (toYaml .value) .root -}}
{{- end -}}
{{- end -}}

{{/*
The metadata of an object. Takes root and name; optional: namespace ("" for objects that have none), labels and
annotations (lists of maps; a later map wins over an earlier one).
*/}}
{{- define "gitopssecrets.metadata" -}}
{{- $root := .root -}}
{{- $labels := dict
      "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
      "app.kubernetes.io/managed-by" $root.Release.Service
      "app.kubernetes.io/version" $root.Chart.AppVersion
      "app.kubernetes.io/part-of" "sealed-secrets" -}}
{{- $labels = merge (include "gitopssecrets.selectorLabels" $root | fromYaml) $labels -}}
{{- range append (default list .labels) $root.Values.commonLabels -}}
{{- if . -}}
{{- $labels = merge (include "gitopssecrets.render" (dict "value" . "root" $root) | fromYaml) $labels -}}
{{- end -}}
{{- end -}}
{{- $annotations := dict -}}
{{- range append (default list .annotations) $root.Values.commonAnnotations -}}
{{- if . -}}
{{- $annotations = merge (include "gitopssecrets.render" (dict "value" . "root" $root) | fromYaml) $annotations -}}
{{- end -}}
{{- end -}}
{{- $metadata := dict "name" .name "labels" $labels -}}
{{- $namespace := include "gitopssecrets.namespace" $root -}}
{{- if hasKey . "namespace" -}}
{{- $namespace = .namespace -}}
{{- end -}}
{{- if $namespace -}}
{{- $_ := set $metadata "namespace" $namespace -}}
{{- end -}}
{{- if $annotations -}}
{{- $_ := set $metadata "annotations" $annotations -}}
{{- end -}}
{{- toYaml $metadata -}}
{{- end -}}

{{- define "gitopssecrets.subject" -}}
- kind: ServiceAccount
  name: {{ include "gitopssecrets.serviceAccountName" . }}
  namespace: {{ include "gitopssecrets.namespace" . }}
{{- end -}}
