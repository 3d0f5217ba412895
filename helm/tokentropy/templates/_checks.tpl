{{/* What the schema cannot say: values that do not go together, and names that nothing reads. Each is refused in a sentence. */}}
{{- define "tokentropy.checks" -}}
{{- include "tokentropy.checkAuth" . }}
{{- include "tokentropy.checkSettings" . }}
{{- include "tokentropy.checkPorts" . }}
{{- include "tokentropy.checkExtras" . }}
{{- include "tokentropy.checkNetwork" . }}
{{- include "tokentropy.checkGateway" . }}
{{- if and (eq .Values.image.tag "latest") (not .Values.image.digest) }}
{{- fail "image.tag is latest, which does not say what runs: name a version, or a digest in image.digest" }}
{{- end }}
{{- if not (regexMatch "^[a-z]" (include "tokentropy.fullname" .)) }}
{{- fail (printf "%s cannot be the name of a Service, which begins with a letter: choose another release name, or set fullnameOverride" (include "tokentropy.fullname" .)) }}
{{- end }}
{{- range list "app.kubernetes.io/name" "app.kubernetes.io/instance" }}
{{- if hasKey $.Values.podLabels . }}{{ fail (printf "podLabels: %s is what the pods are selected by; the release sets it" .) }}{{ end }}
{{- end }}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int (add 25 (int .Values.preStopSeconds))) }}
{{- fail "terminationGracePeriodSeconds must be at least preStopSeconds, 20 for running calls, and 5" }}
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas" }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkAuth" -}}
{{- $auth := .Values.auth }}
{{- if eq $auth.mode "api-key" }}
{{- if not (or $auth.keys $auth.existingSecret) }}
{{- fail "auth.mode is api-key: auth.keys must list the SHA-256 of each API key in hex, or auth.existingSecret name a Secret that has them under the key \"keys\", one a line" }}
{{- end }}
{{- if and $auth.keys $auth.existingSecret }}
{{- fail "auth.keys and auth.existingSecret are both set: give the hashes in one place" }}
{{- end }}
{{- else if or $auth.keys $auth.existingSecret }}
{{- fail (printf "auth.mode is %s: nobody would be asked for the API keys of auth.keys or auth.existingSecret; set auth.mode to api-key, or leave them out" $auth.mode) }}
{{- end }}
{{- range $i, $hash := $auth.keys }}
{{- $place := printf "auth.keys[%d]" $i }}
{{- if not $hash }}{{ fail (printf "%s is empty: give the SHA-256 of a key in hex" $place) }}{{ end }}
{{- if not (regexMatch "^[0-9a-fA-F]{64}$" $hash) }}
{{- fail (printf "%s is not a SHA-256 in hex (64 digits): printf %%s \"$KEY\" | sha256sum makes one; the key itself must not stand in the values" $place) }}
{{- end }}
{{- if has (lower $hash) (list (sha256sum "") (sha256sum "\n")) }}
{{- fail (printf "%s is the SHA-256 of an empty key: the variable that held the key was not set" $place) }}
{{- end }}
{{- end }}
{{- if eq $auth.mode "jwt" }}
{{- range $name := list "issuer" "audience" "jwksUri" }}
{{- if not (index $auth.jwt $name) }}{{ fail (printf "auth.mode is jwt: auth.jwt.%s is needed" $name) }}{{ end }}
{{- end }}
{{- end }}
{{- if and (ne .Values.tls.clientAuth "none") (not .Values.tls.existingSecret) }}
{{- fail (printf "tls.clientAuth is %s: tls.existingSecret must name the Secret with tls.crt, tls.key and ca.crt" .Values.tls.clientAuth) }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkSettings" -}}
{{- $known := include "tokentropy.settings" . | fromJsonArray }}
{{- $own := include "tokentropy.own" . | fromYaml }}
{{- $values := .Values }}
{{- range $from := list "settings" "settingsFromSecrets" "extraEnv" }}
{{- $names := list }}
{{- if eq $from "extraEnv" }}{{ range $values.extraEnv }}{{ $names = append $names .name }}{{ end }}
{{- else }}{{ $names = keys (index $values $from) | sortAlpha }}{{ end }}
{{- range $name := $names }}
{{- if hasKey $own $name }}{{ fail (printf "%s: %s is set by %s" $from $name (get $own $name)) }}{{ end }}
{{- if and $values.tls.existingSecret (regexMatch "^(SERVER_SSL_|SPRING_SSL_BUNDLE_PEM_TOKENTROPY_)" $name) }}
{{- fail (printf "%s: %s does not go with tls.existingSecret, which sets the certificate itself" $from $name) }}
{{- end }}
{{- if and (or (ne $from "extraEnv") (hasPrefix "TOKENTROPY_" $name)) (not (include "tokentropy.isSetting" (dict "name" $name "known" $known))) }}
{{- $hint := include "tokentropy.didYouMean" (dict "name" $name "known" $known) }}
{{- if and (not $hint) (ne $from "extraEnv") }}{{ $hint = "; a variable that the docs do not name goes into extraEnv" }}{{ end }}
{{- fail (printf "%s: there is no setting %s%s" $from $name $hint) }}
{{- end }}
{{- end }}
{{- if ne $from "settings" }}
{{- range $name := $names }}
{{- if hasKey $values.settings $name }}{{ fail (printf "%s stands in settings and in %s" $name $from) }}{{ end }}
{{- if and (eq $from "extraEnv") (hasKey $values.settingsFromSecrets $name) }}{{ fail (printf "%s stands in settingsFromSecrets and in extraEnv" $name) }}{{ end }}
{{- end }}
{{- if ne (len $names) (len (uniq $names)) }}{{ fail (printf "%s: a name stands there twice" $from) }}{{ end }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.settings }}
{{- if regexMatch "(API_?KEYS?|PASSWORD|SECRET)$" $name }}
{{- fail (printf "settings: %s is secret and would be readable in the Deployment; settingsFromSecrets takes it from a Secret" $name) }}
{{- end }}
{{- if and (hasPrefix "LOGGING_LEVEL_" $name) (not (has (lower (toString $value)) (list "trace" "debug" "info" "warn" "error" "fatal" "off" "false"))) }}
{{- fail (printf "settings: %s is %v; a level is one of trace, debug, info, warn, error, fatal, off" $name $value) }}
{{- end }}
{{- if and (hasSuffix "SERVER_ADDRESS" $name) (regexMatch "^(127\\.|::1$|\\[::1\\]$|localhost$)" (toString $value)) }}
{{- fail (printf "settings: %s is %v; on loopback neither the Service nor the probes reach the pod" $name $value) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkPorts" -}}
{{- range $name := list "SERVER_PORT" "MANAGEMENT_SERVER_PORT" }}
{{- $port := include "tokentropy.port" (dict "root" $ "name" $name) }}
{{- if or (not (regexMatch "^[1-9][0-9]{0,4}$" $port)) (gt (int $port) 65535) }}
{{- fail (printf "settings: %s is %s; a port is 1 to 65535" $name $port) }}
{{- end }}
{{- if hasKey $.Values.settingsFromSecrets $name }}{{ fail (printf "settingsFromSecrets: %s belongs in settings, where the chart can read it" $name) }}{{ end }}
{{- end }}
{{- if eq (include "tokentropy.port" (dict "root" . "name" "SERVER_PORT")) (include "tokentropy.port" (dict "root" . "name" "MANAGEMENT_SERVER_PORT")) }}
{{- fail "settings: SERVER_PORT and MANAGEMENT_SERVER_PORT are the same; the probes, which need no key, have a port of their own" }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkExtras" -}}
{{- $volumes := list }}
{{- range .Values.extraVolumes }}
{{- if has .name (list "tmp" "keys" "tls" "upstreams") }}{{ fail (printf "extraVolumes: %s is the name of a volume of the chart; choose another" .name) }}{{ end }}
{{- if has .name $volumes }}{{ fail (printf "extraVolumes: %s stands there twice" .name) }}{{ end }}
{{- $volumes = append $volumes .name }}
{{- end }}
{{- $paths := list }}
{{- range .Values.extraVolumeMounts }}
{{- if not (has .name $volumes) }}{{ fail (printf "extraVolumeMounts: there is no volume %s in extraVolumes" .name) }}{{ end }}
{{- if has (trimSuffix "/" .mountPath) (list "/tmp" "/app" "/etc/tokentropy/keys" "/etc/tokentropy/tls" "/etc/tokentropy/upstreams") }}
{{- fail (printf "extraVolumeMounts: %s is taken; mount %s elsewhere" .mountPath .name) }}
{{- end }}
{{- if has .mountPath $paths }}{{ fail (printf "extraVolumeMounts: %s stands there twice" .mountPath) }}{{ end }}
{{- $paths = append $paths .mountPath }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkNetwork" -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.enabled: ingress.hosts must name at least one host" }}
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
{{- fail "httpRoute.enabled: httpRoute.parentRefs must name at least one Gateway" }}
{{- end }}
{{- if and (eq .Values.service.ipFamilyPolicy "SingleStack") (gt (len .Values.service.ipFamilies) 1) }}
{{- fail "service.ipFamilyPolicy is SingleStack: service.ipFamilies may name one family only" }}
{{- end }}
{{- if and .Values.networkPolicy.enabled (or .Values.ingress.enabled .Values.httpRoute.enabled) (not .Values.networkPolicy.ingressFrom) }}
{{- fail "networkPolicy.enabled with an Ingress or HTTPRoute: networkPolicy.ingressFrom must let in the pods of its controller" }}
{{- end }}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.egressTo) }}
{{- if eq .Values.auth.mode "jwt" }}
{{- fail "networkPolicy.enabled with auth.mode jwt: networkPolicy.egressTo must let out to auth.jwt.jwksUri" }}
{{- end }}
{{- if eq (toString (get .Values.settings "TOKENTROPY_EMBEDDINGS_BACKEND")) "server" }}
{{- fail "networkPolicy.enabled with TOKENTROPY_EMBEDDINGS_BACKEND server: networkPolicy.egressTo must let out to it" }}
{{- end }}
{{- if or .Values.gateway.enabled (eq (toString (get .Values.settings "TOKENTROPY_GATEWAY_ENABLED")) "true") }}
{{- fail "networkPolicy.enabled with a gateway: networkPolicy.egressTo must let out to its model servers" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tokentropy.checkGateway" -}}
{{- $gateway := .Values.gateway }}
{{- if and (not $gateway.enabled) (or $gateway.upstreams $gateway.pairs) }}
{{- fail "gateway.upstreams or gateway.pairs is set, and gateway.enabled is false: nobody would reach them" }}
{{- end }}
{{- if and $gateway.enabled (not $gateway.pairs) }}
{{- fail "gateway.enabled: gateway.pairs must hold at least one pair of the servers of gateway.upstreams" }}
{{- end }}
{{- range $name, $server := $gateway.upstreams }}
{{- if and (hasPrefix "http://" $server.url) (not $server.plaintext) (not (regexMatch "^http://(localhost|127\\.0\\.0\\.1|\\[::1\\])([:/]|$)" $server.url)) }}
{{- fail (printf "gateway.upstreams.%s.url is http://, and anybody on the way could read prompts and keys: use https://, or say plaintext: true" $name) }}
{{- end }}
{{- end }}
{{- range $name, $pair := $gateway.pairs }}
{{- range $size := list "small" "large" }}
{{- if not (hasKey $gateway.upstreams (index $pair $size)) }}
{{- fail (printf "gateway.pairs.%s.%s is %s, and gateway.upstreams has no server of that name" $name $size (index $pair $size)) }}
{{- end }}
{{- end }}
{{- if and (eq (default "" $pair.mode) "switch") (not (hasKey $pair "threshold")) }}
{{- fail (printf "gateway.pairs.%s.mode is switch: threshold is needed, the nats above which the large model writes; POST /v1/ead/calibrate finds one" $name) }}
{{- end }}
{{- end }}
{{- end }}
