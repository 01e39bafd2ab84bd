const sli = `
    sli:
      events:
        error_query: sum(rate(errors_total[{{.window}}]))
        total_query: sum(rate(requests_total[{{.window}}]))`;
const alerting = `
    alerting:
      name: Burn`;

/** Odd corners, each a file that the real Sloth takes. */
export const SLOTH_CORNERS: Readonly<Record<string, string>> = {
  'objective-100': `version: prometheus/v1\nservice: checkout\nslos:\n  - name: all\n    objective: 100${sli}${alerting}\n`,
  'tiny-budget': `version: prometheus/v1\nservice: checkout\nslos:\n  - name: all\n    objective: 99.999${sli}${alerting}\n`,
  'tiny-objective': `version: prometheus/v1\nservice: checkout\nslos:\n  - name: all\n    objective: 0.001${sli}${alerting}\n`,
  'several-documents': ['one', 'two']
    .map(
      service =>
        `---\n# a comment\nversion: prometheus/v1\nservice: ${service}\nslos:\n  - name: all\n    objective: 99${sli}${alerting}\n`,
    )
    .join(''),
  'overridden-labels': `version: prometheus/v1\nservice: checkout\nlabels:\n  sloth_id: mine\n  sloth_window: never\n  octal: 010\n  truth: on\n  number: 1.50\n  big: 1e6\n  hex: 0xFF\n  quoted: "010"\nslos:\n  - name: all\n    objective: 99\n    labels: {sloth_slo: other, number: ~0x}${sli}${alerting}\n`,
  nulls: `version: prometheus/v1\nservice: checkout\nlabels:\nslos:\n  - name: all\n    description:\n    objective: 99\n    labels: ~${sli}\n    alerting:\n      name: Burn\n      labels:\n      annotations: null\n      page_alert:\n      ticket_alert:\n        disable: true\n`,
  'own-annotations': `version: prometheus/v1\nservice: checkout\nslos:\n  - name: all\n    objective: 99${sli}\n    alerting:\n      name: Burn\n      labels: {sloth_severity: mine}\n      annotations: {title: "mine", summary: "{{ $value }}"}\n`,
  'template-logic': `version: prometheus/v1\nservice: checkout\nslos:\n  - name: all\n    objective: 99\n    sli:\n      raw:\n        error_ratio_query: |\n          {{- /* a comment */ -}}\n          1 - avg_over_time(up[{{.window}}]){{ if and (ne .window "5m") (ne .window "1h") }} + 0 * {{ len .window }}{{ end }}\n${alerting}\n`,
  anchors: `version: prometheus/v1\nservice: checkout\nslos:\n  - name: one\n    objective: 99\n    labels: &labels {team: a}${sli}\n    alerting: &alerting\n      name: Burn\n  - name: two\n    objective: 98\n    labels:\n      <<: *labels\n      tier: 1${sli}\n    alerting: *alerting\n`,
  kubernetes: `apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata:\n  name: slos\n  namespace: monitoring\n  labels: {team: a}\n  annotations: {note: b}\nspec:\n  service: checkout\n  slos:\n    - name: all\n      objective: 99.5\n      sli:\n        events:\n          errorQuery: sum(rate(errors_total[{{.window}}]))\n          totalQuery: sum(rate(requests_total[{{.window}}]))\n      alerting:\n        name: Burn\n        pageAlert: {labels: {severity: page}}\n        ticketAlert: {disable: true}\n`,
  openslo: `apiVersion: openslo/v1alpha\nkind: SLO\nmetadata:\n  name: availability\nspec:\n  service: checkout\n  budgetingMethod: Occurrences\n  timeWindows:\n    - {unit: Day, count: 28}\n  objectives:\n${[
    '0.29',
    '0.999',
    '0.57',
  ]
    .map(
      target =>
        `    - target: ${target}\n      ratioMetrics:\n        good: {source: prometheus, queryType: promql, query: "sum(rate(good_total[{{.window}}]))"}\n        total: {source: prometheus, queryType: promql, query: "sum(rate(all_total[{{.window}}]))"}\n`,
    )
    .join('')}`,
};
