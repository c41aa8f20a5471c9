{{/* What unsealing needs: in every namespace as a ClusterRole, or in each of the named ones as a Role. */}}
{{- define "gitopssecrets.unsealerRules" -}}
- apiGroups: [bitnami.com]
  resources: [sealedsecrets]
  verbs: [get, list, watch]
- apiGroups: [bitnami.com]
  resources: [sealedsecrets/status]
  verbs: [update]
{{- if .Values.sops.enabled }}
- apiGroups: [isindir.github.com]
  resources: [sopssecrets]
  verbs: [get, list, watch]
- apiGroups: [isindir.github.com]
  resources: [sopssecrets/status]
  verbs: [update]
{{- end }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* Where the Roles go: the added namespaces and the controller's own, which it always serves. A YAML list. */}}
{{- define "gitopssecrets.roleNamespaces" -}}
{{- prepend .Values.additionalNamespaces (include "gitopssecrets.namespace" .) | uniq | toYaml -}}
{{- end -}}
