/**
 * The templates that configurations call by default, under Alertmanager's names and giving the texts that its own give; those
 * of receivers that the router does not carry out are here because people call them from others. Templates named `__…` are
 * not meant to be called from outside, and are.
 */
export const DEFAULT_TEMPLATES = String.raw`
{{ define "__alertmanager" }}Alertmanager{{ end }}
{{ define "__alertmanagerURL" }}{{ .ExternalURL }}/#/alerts?receiver={{ urlquery .Receiver }}{{ end }}
{{ define "__description" }}{{ end }}

{{ define "__subject" }}{{ $extra := .CommonLabels.Remove .GroupLabels.Names -}}
[{{ toUpper .Status }}{{ with len .Alerts.Firing }}:{{ . }}{{ end }}] {{ join " " .GroupLabels.Values }}
{{- " " }}{{ with $extra }}({{ join " " .Values }}){{ end }}{{ end }}

{{ define "__text_alert_list" }}{{ range . -}}
Labels:
{{ range .Labels.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end -}}
Annotations:
{{ range .Annotations.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end -}}
Source: {{ .GeneratorURL }}{{ "\n" }}{{ end }}{{ end }}

{{ define "__text_alert_list_markdown" }}{{ range . }}
Labels:
{{ range .Labels.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end }}
Annotations:
{{ range .Annotations.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end }}
Source: {{ .GeneratorURL }}
{{ end }}{{ "\n" }}{{ end }}

{{ define "__annotations" }}{{ join " " .CommonAnnotations.Values }}{{ "\n" }}{{ end }}

{{ define "__lists" }}
{{- with .Firing }}{{ "Alerts Firing:\n" }}{{ template "__text_alert_list" . }}{{ end }}{{ "\n" }}
{{- with .Resolved }}{{ "Alerts Resolved:\n" }}{{ template "__text_alert_list" . }}{{ end }}{{ end }}

{{ define "__spaced_lists" }}
{{- with .Firing }}{{ "\nAlerts Firing:\n" }}{{ template "__text_alert_list" . }}{{ "\n" }}{{ end }}{{ "\n" }}
{{- with .Resolved }}{{ "\nAlerts Resolved:\n" }}{{ template "__text_alert_list" . }}{{ "\n" }}{{ end }}{{ "\n" }}
{{- end }}

{{ define "__markdown_lists" }}{{ "\n" }}
{{- with .Firing }}{{ "\n# Alerts Firing:\n" }}{{ template "__text_alert_list_markdown" . }}{{ "\n" }}{{ end }}{{ "\n" }}
{{- with .Resolved }}{{ "\n# Alerts Resolved:\n" }}{{ template "__text_alert_list_markdown" . }}{{ "\n" }}{{ end }}
{{- "\n" }}{{ end }}

{{ define "__color" }}{{ if .Alerts.Firing }}danger{{ else }}good{{ end }}{{ end }}

{{ define "slack.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "slack.default.username" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "slack.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "slack.default.fallback" }}{{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}{{ end }}
{{ define "slack.default.color" }}{{ template "__color" . }}{{ end }}
{{ define "slack.default.callbackid" }}{{ end }}
{{ define "slack.default.pretext" }}{{ end }}
{{ define "slack.default.iconemoji" }}{{ end }}
{{ define "slack.default.iconurl" }}{{ end }}
{{ define "slack.default.text" }}{{ end }}
{{ define "slack.default.footer" }}{{ end }}

{{ define "pagerduty.default.description" }}{{ template "__subject" . }}{{ end }}
{{ define "pagerduty.default.client" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "pagerduty.default.clientURL" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "pagerduty.default.instances" }}{{ template "__text_alert_list" . }}{{ end }}

{{ define "opsgenie.default.message" }}{{ template "__subject" . }}{{ end }}
{{ define "opsgenie.default.source" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "opsgenie.default.description" }}{{ template "__annotations" . }}{{ template "__lists" .Alerts }}{{ end }}

{{ define "wechat.default.message" }}{{ template "__subject" . }}
{{ template "__annotations" . }}{{ template "__lists" .Alerts }}
AlertmanagerUrl:
{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "wechat.default.to_user" }}{{ end }}
{{ define "wechat.default.to_party" }}{{ end }}
{{ define "wechat.default.to_tag" }}{{ end }}
{{ define "wechat.default.agent_id" }}{{ end }}

{{ define "victorops.default.state_message" }}{{ template "__annotations" . }}{{ template "__lists" .Alerts }}{{ end }}
{{ define "victorops.default.entity_display_name" }}{{ template "__subject" . }}{{ end }}
{{ define "victorops.default.monitoring_tool" }}{{ template "__alertmanager" . }}{{ end }}

{{ define "pushover.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "pushover.default.message" }}{{ template "__annotations" . }}{{ template "__spaced_lists" .Alerts }}{{ end }}
{{ define "pushover.default.url" }}{{ template "__alertmanagerURL" . }}{{ end }}

{{ define "sns.default.subject" }}{{ template "__subject" . }}{{ end }}
{{ define "sns.default.message" }}{{ template "__annotations" . }}{{ template "__spaced_lists" .Alerts }}{{ end }}

{{ define "telegram.default.message" }}{{ "\n" }}{{ template "__spaced_lists" .Alerts }}{{ end }}

{{ define "discord.default.content" }}{{ end }}
{{ define "discord.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "discord.default.message" }}{{ "\n" }}{{ template "__spaced_lists" .Alerts }}{{ end }}

{{ define "webex.default.message" }}{{ template "__annotations" . }}{{ template "__spaced_lists" .Alerts }}{{ end }}

{{ define "msteams.default.summary" }}{{ template "__subject" . }}{{ end }}
{{ define "msteams.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "msteams.default.text" }}{{ template "__markdown_lists" .Alerts }}{{ end }}
{{ define "msteamsv2.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "msteamsv2.default.text" }}{{ template "__markdown_lists" .Alerts }}{{ end }}

{{ define "jira.default.summary" }}{{ template "__subject" . }}{{ end }}
{{ define "jira.default.description" }}{{ template "__markdown_lists" .Alerts }}{{ end }}
{{ define "jira.default.priority" }}
{{- $names := dict "critical" "High" "warning" "Medium" "info" "Low" }}{{ $found := "" }}
{{- range $alerts := list .Alerts.Firing .Alerts.Resolved }}
{{- range $severity := stringSlice "critical" "warning" "info" }}
{{- range $alerts }}
{{- if and (eq $found "") (eq .Labels.severity $severity) }}{{ $found = index $names $severity }}{{ end }}
{{- end }}{{ end }}{{ end }}{{ $found }}{{ end }}

{{ define "rocketchat.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "rocketchat.default.alias" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "rocketchat.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "rocketchat.default.emoji" }}{{ end }}
{{ define "rocketchat.default.iconurl" }}{{ end }}
{{ define "rocketchat.default.text" }}{{ end }}

{{ define "mattermost.default.color" }}{{ template "__color" . }}{{ end }}
{{ define "mattermost.default.username" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "mattermost.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "mattermost.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "mattermost.default.fallback" }}{{ template "mattermost.default.title" . }} | {{ template "mattermost.default.titlelink" . }}{{ end }}
{{ define "mattermost.default.text" }}{{ template "__markdown_lists" .Alerts }}{{ end }}
`;
