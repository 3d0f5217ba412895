{{- define "tokentropy.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 53 | trimSuffix "-" }}
{{- end }}

{{/* A Service is called by it: no dots. */}}
{{- define "tokentropy.fullname" -}}
{{- $release := .Release.Name | replace "." "-" }}
{{- $name := include "tokentropy.name" . }}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name $release }}{{ $release | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" $release $name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "tokentropy.selector" -}}
app.kubernetes.io/name: {{ include "tokentropy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* The pod of helm test: not what the Services and the Deployment select. */}}
{{- define "tokentropy.testSelector" -}}
app.kubernetes.io/name: {{ include "tokentropy.name" . }}-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* What a label may hold: a version with + in it may not stand there as it is. */}}
{{- define "tokentropy.label" -}}
{{ regexReplaceAllLiteral "[^A-Za-z0-9._-]" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{- define "tokentropy.labels" -}}
{{ include "tokentropy.selector" . }}
app.kubernetes.io/version: {{ include "tokentropy.label" .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "tokentropy.label" (printf "%s-%s" .Chart.Name .Chart.Version) }}
{{- end }}

{{- define "tokentropy.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else }}{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag | replace "+" "_" }}{{ end }}
{{- end }}

{{- define "tokentropy.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "tokentropy.fullname" .) .Values.serviceAccount.name }}
{{- else }}{{ default "default" .Values.serviceAccount.name }}{{ end }}
{{- end }}

{{- define "tokentropy.keysSecret" -}}
{{ default (printf "%s-keys" (include "tokentropy.fullname" .)) .Values.auth.existingSecret }}
{{- end }}

{{/* https if the service is told to speak TLS: by tls.existingSecret, or by the settings of Spring. */}}
{{- define "tokentropy.scheme" -}}
{{- $scheme := "http" }}
{{- if .Values.tls.existingSecret }}{{ $scheme = "https" }}{{ end }}
{{- range list "SERVER_SSL_BUNDLE" "SERVER_SSL_CERTIFICATE" "SERVER_SSL_KEY_STORE" "SERVER_SSL_KEYSTORE" }}
{{- if hasKey $.Values.settings . }}{{ $scheme = "https" }}{{ end }}
{{- end }}
{{- $scheme }}
{{- end }}
