{{- define "agent.selector" -}}
app.kubernetes.io/name: isthmus-agent
app.kubernetes.io/component: agent
{{- end }}

{{- define "agent.labels" -}}
{{ include "agent.selector" . }}
app.kubernetes.io/part-of: isthmus
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "agent.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "agent.gatewayCaName" -}}
{{ .Values.gateway.existingCaConfigMap | default "isthmus-agent-gateway-ca" }}
{{- end }}

{{- define "agent.tokenSecretName" -}}
{{ .Values.enrolment.existingSecret | default "isthmus-agent-token" }}
{{- end }}

{{- define "agent.extraCaName" -}}
{{- if .Values.extraCa.existingConfigMap -}}
{{ .Values.extraCa.existingConfigMap }}
{{- else if .Values.extraCa.pem -}}
isthmus-agent-extra-ca
{{- end -}}
{{- end }}

{{/* The port that an address is dialled at. */}}
{{- define "agent.portOf" -}}
{{- $host := (urlParse .).host -}}
{{- $port := regexFind ":[0-9]+$" $host | trimPrefix ":" -}}
{{- if $port -}}{{ $port }}{{- else if hasPrefix "http://" . -}}80{{- else -}}443{{- end -}}
{{- end }}

{{/* What every pod of the chart is bound to. */}}
{{- define "agent.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "agent.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What keeps Node and glibc inside of the budget. */}}
{{- define "agent.runtime" -}}
- { name: NODE_OPTIONS, value: {{ .Values.nodeOptions | quote }} }
- { name: MALLOC_ARENA_MAX, value: '2' }
- { name: MALLOC_MMAP_THRESHOLD_, value: '65536' }
- { name: MALLOC_TRIM_THRESHOLD_, value: '65536' }
{{- end }}
