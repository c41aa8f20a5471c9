{{/* The flags of the controller, a YAML list. A value that is empty leaves the controller's own default. */}}
{{- define "gitopssecrets.arguments" -}}
{{- $flags := list
      (printf "--key-prefix=%s" .Values.secretName)
      (printf "--update-status=%t" .Values.updateStatus)
      (printf "--log-info-stdout=%t" .Values.logInfoStdout)
      (printf "--leader-elect-lease-name=%s" (include "gitopssecrets.fullname" .))
      (printf "--listen-addr=:%v" .Values.containerPorts.http)
      (printf "--listen-metrics-addr=:%v" .Values.containerPorts.metrics) -}}
{{- if .Values.skipRecreate -}}
{{- $flags = append $flags "--skip-recreate" -}}
{{- end -}}
{{- if not .Values.sops.enabled -}}
{{- $flags = append $flags "--sops=false" -}}
{{- end -}}
{{- if .Values.genericTargets.enabled -}}
{{- $flags = append $flags "--unsafe-allow-generic-targets" -}}
{{- end -}}
{{- with .Values.externalSecrets.webhook -}}
{{- if .enabled -}}
{{- $name := printf "%s-webhook" (include "gitopssecrets.fullname" $) -}}
{{- $flags = concat $flags (list "--webhook-addr=:10250" (printf "--webhook-service-name=%s" $name) (printf "--webhook-secret-name=%s" $name)) -}}
{{- if .certificateSecret -}}
{{- $flags = append $flags "--webhook-cert-dir=/certificate" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.externalSecrets.events -}}
{{- if .enabled -}}
{{- $name := printf "%s-events" (include "gitopssecrets.fullname" $) -}}
{{- $flags = concat $flags (list "--event-listen-addr=:10260" "--event-sources-file=/etc/events/events.yaml" (printf "--event-service-name=%s" $name) (printf "--event-secret-name=%s" $name)) -}}
{{- if .certificateSecret -}}
{{- $flags = append $flags "--event-cert-dir=/event-certificate" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $optional := list
      (list "key-renew-period" .Values.keyrenewperiod)
      (list "key-ttl" .Values.keyttl)
      (list "key-cutoff-time" .Values.keycutofftime)
      (list "rate-limit" .Values.rateLimit)
      (list "rate-limit-burst" .Values.rateLimitBurst)
      (list "log-level" .Values.logLevel)
      (list "log-format" .Values.logFormat)
      (list "max-unseal-retries" .Values.maxRetries)
      (list "kubeclient-qps" .Values.kubeClientQPS)
      (list "kubeclient-burst" .Values.kubeClientBurst)
      (list "workers" .Values.workers)
      (list "additional-namespaces" (join "," .Values.additionalNamespaces))
      (list "privatekey-annotations" (include "gitopssecrets.pairs" .Values.privateKeyAnnotations))
      (list "privatekey-labels" (include "gitopssecrets.pairs" .Values.privateKeyLabels)) -}}
{{- range $optional -}}
{{- if ne (toString (last .)) "" -}}
{{- $flags = append $flags (printf "--%s=%s" (first .) (last . | toString)) -}}
{{- end -}}
{{- end -}}
{{- toYaml (concat $flags .Values.extraArgs) -}}
{{- end -}}

{{/* A map as k=v,k2=v2. */}}
{{- define "gitopssecrets.pairs" -}}
{{- $pairs := list -}}
{{- range $key, $value := . -}}
{{- if not (kindIs "string" $value) -}}
{{- fail (printf "the value of %s must be a string" $key) -}}
{{- end -}}
{{- $pairs = append $pairs (printf "%s=%s" $key $value) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}
