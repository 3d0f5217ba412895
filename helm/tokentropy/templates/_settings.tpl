{{/*
A setting's value as text, a list with commas. Numbers of a values file are floating-point here, and would be written
6.7108864e+07; `off` without quotes is `false` there.
*/}}
{{- define "tokentropy.value" -}}
{{- if kindIs "slice" .value }}{{ join "," .value }}
{{- else if and (kindIs "float64" .value) (eq (floor .value) .value) }}{{ printf "%.0f" .value }}
{{- else if and (eq .name "TOKENTROPY_EMBEDDINGS_BACKEND") (eq (toString .value) "false") }}off
{{- else }}{{ .value }}{{ end }}
{{- end }}

{{/* The port that a setting names, or the image's own. */}}
{{- define "tokentropy.port" -}}
{{- $default := ternary "8081" "8080" (eq .name "MANAGEMENT_SERVER_PORT") }}
{{- if hasKey .root.Values.settings .name -}}
{{ include "tokentropy.value" (dict "name" .name "value" (get .root.Values.settings .name)) }}
{{- else }}{{ $default }}{{ end }}
{{- end }}

{{/* What the chart sets itself, by the value that does. */}}
{{- define "tokentropy.own" -}}
TOKENTROPY_AUTH_MODE: auth.mode
TOKENTROPY_AUTH_API_KEYS: auth.keys or auth.existingSecret
TOKENTROPY_AUTH_API_KEYS_FILE: auth.keys or auth.existingSecret
TOKENTROPY_AUTH_JWT_ISSUER: auth.jwt.issuer
TOKENTROPY_AUTH_JWT_AUDIENCE: auth.jwt.audience
TOKENTROPY_AUTH_JWT_JWKS_URI: auth.jwt.jwksUri
{{- range $name, $value := include "tokentropy.gateway" . | fromYaml }}
{{ $name }}: the values of gateway
{{- end }}
{{- end }}

{{/* The settings that the values of the gateway stand for. */}}
{{- define "tokentropy.gateway" -}}
{{- if .Values.gateway.enabled }}
TOKENTROPY_GATEWAY_ENABLED: "true"
{{- range $name, $server := .Values.gateway.upstreams }}
{{- $prefix := printf "TOKENTROPY_UPSTREAMS_%s" (upper $name) }}
{{ $prefix }}_URL: {{ $server.url | quote }}
{{ $prefix }}_KIND: {{ $server.kind }}
{{ $prefix }}_MODEL: {{ $server.model | quote }}
{{- if $server.plaintext }}
{{ $prefix }}_PLAINTEXT: "true"
{{- end }}
{{- if $server.keySecret }}
{{ $prefix }}_API_KEY_FILE: /etc/tokentropy/upstreams/{{ $name }}
{{- end }}
{{- end }}
{{- range $name, $pair := .Values.gateway.pairs }}
{{- $prefix := printf "TOKENTROPY_GATEWAY_PAIRS_%s" (upper $name) }}
{{ $prefix }}_SMALL: {{ $pair.small }}
{{ $prefix }}_LARGE: {{ $pair.large }}
{{- with $pair.mode }}
{{ $prefix }}_MODE: {{ . }}
{{- end }}
{{- with $pair.serve }}
{{ $prefix }}_SERVE: {{ . }}
{{- end }}
{{- if hasKey $pair "threshold" }}
{{ $prefix }}_EAD_THRESHOLD: {{ $pair.threshold | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The keys of model servers, as sources of one volume; nothing if none has a key. */}}
{{- define "tokentropy.upstreamKeys" -}}
{{- if .Values.gateway.enabled }}
{{- range $name, $server := .Values.gateway.upstreams }}
{{- with $server.keySecret }}
- secret:
    name: {{ .name }}
    items: [{ key: {{ .key | quote }}, path: {{ $name }} }]
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The names of files/settings.txt, as a JSON list. A property of Spring has two: with and without _ for its hyphens. */}}
{{- define "tokentropy.settings" -}}
{{- $names := list }}
{{- range .Files.Lines "files/settings.txt" }}
{{- if and . (not (hasPrefix "#" .)) }}
{{- $names = append $names (. | replace "." "_" | replace "-" "_" | upper) }}
{{- if contains "-" . }}{{ $names = append $names (. | replace "." "_" | replace "-" "" | upper) }}{{ end }}
{{- end }}
{{- end }}
{{- toJson $names }}
{{- end }}

{{/*
"yes" if a name is a setting: `known` holds the names; one that ends in * stands for all that begin so, <NAME> for a name of the user's
choice, and a list has indices.
*/}}
{{- define "tokentropy.isSetting" -}}
{{- $name := regexReplaceAll "_[0-9]+$" .name "" }}
{{- $is := or (has .name .known) (has $name .known) }}
{{- range .known }}
{{- if and (hasSuffix "*" .) (hasPrefix (trimSuffix "*" .) $.name) (ne (trimSuffix "*" .) $.name) }}{{ $is = true }}{{ end }}
{{- if and (contains "<NAME>" .) (regexMatch (printf "^%s$" (replace "<NAME>" "[A-Z0-9]+" .)) $.name) }}{{ $is = true }}{{ end }}
{{- end }}
{{- if $is }}yes{{ end }}
{{- end }}

{{/* ", did you mean X?", where X shares most pairs of letters with the name; nothing if none shares half of them. */}}
{{- define "tokentropy.didYouMean" -}}
{{- $best := 49 }}
{{- $nearest := "" }}
{{- $name := .name | upper | replace "." "_" | replace "-" "_" }}
{{- range $known := .known }}
{{- $shared := 0 }}
{{- range $i := until (int (sub (len $name) 1)) }}
{{- if contains (substr $i (int (add $i 2)) $name) $known }}{{ $shared = add1 $shared }}{{ end }}
{{- end }}
{{- $score := div (mul 200 $shared) (add (len $name) (len $known)) }}
{{- if gt (int $score) (int $best) }}
{{- $best = $score }}
{{- $nearest = $known }}
{{- end }}
{{- end }}
{{- if $nearest }}, did you mean {{ $nearest }}?{{ end }}
{{- end }}
