/**
 * The mail that goes out by default, under Alertmanager's names. It says what Alertmanager's says, in the same order;
 * the markup is our own.
 */
export const EMAIL_TEMPLATES = `
{{ define "email.default.subject" }}{{ template "__subject" . }}{{ end }}

{{ define "__email_alert" }}<tr><td style="padding:0 24px 16px">
<b>Labels</b><br>
{{ range .Labels.SortedPairs }}{{ .Name }} = {{ .Value }}<br>{{ end }}
{{ if .Annotations }}<b>Annotations</b><br>
{{ range .Annotations.SortedPairs }}{{ .Name }} = {{ .Value }}<br>{{ end }}{{ end }}
<a href="{{ .GeneratorURL }}" style="color:#1c63b0">Source</a>
</td></tr>
{{ end }}

{{ define "email.default.html" }}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ template "__subject" . }}</title>
</head>
<body style="margin:0;padding:16px;background:#f3f4f6;color:#1f2933;font:14px/1.5 Helvetica,Arial,sans-serif">
<table role="presentation" align="center" width="600" cellspacing="0" cellpadding="0" style="max-width:100%;background:#fff">
<tr><td style="padding:16px 24px;font-size:16px;color:#fff;background:{{ if .Alerts.Firing }}#b42318{{ else }}#2f7d32{{ end }}">
{{ len .Alerts }} alert{{ if gt (len .Alerts) 1 }}s{{ end }} for {{ range .GroupLabels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}
</td></tr>
<tr><td style="padding:16px 24px"><a href="{{ template "__alertmanagerURL" . }}" style="color:#1c63b0">View in {{ template "__alertmanager" . }}</a></td></tr>
{{ with .Alerts.Firing }}<tr><td style="padding:0 24px 8px"><b>[{{ len . }}] Firing</b></td></tr>
{{ range . }}{{ template "__email_alert" . }}{{ end }}{{ end }}
{{ with .Alerts.Resolved }}<tr><td style="padding:0 24px 8px"><b>[{{ len . }}] Resolved</b></td></tr>
{{ range . }}{{ template "__email_alert" . }}{{ end }}{{ end }}
<tr><td style="padding:16px 24px;font-size:12px"><a href="{{ .ExternalURL }}" style="color:#616e7c">Sent by {{ template "__alertmanager" . }}</a></td></tr>
</table>
</body>
</html>
{{ end }}
`;
