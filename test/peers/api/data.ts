/**
 * Unix seconds of the first sample. All lie in the past, so that both servers have the same ones, and the last within
 * the lookback of the test's time.
 */
export const START = Math.floor(Date.now() / 60_000) * 60 - 1800;
const INTERVAL = 15;
const SAMPLES = 110;
const INSTANCES = 8;

/** An exposition whose samples say when they are from; one scrape brings them all. */
export function exposition(): string {
  const times = Array.from({ length: SAMPLES }, (_, i) => (START + i * INTERVAL) * 1000);
  const requests = Array.from({ length: INSTANCES }, (_, instance) =>
    times.map(
      (at, i) =>
        `http_requests_total{code="${instance % 2 === 0 ? 200 : 500}",instance="i${instance}"} ${i * (instance + 1)} ${at}`,
    ),
  );
  const queue = times.map(
    (at, i) => `queue_length{instance="i0",path="/a\\\\b\\n\\"é\\""} ${(i * 7) % 11}.5 ${at}`,
  );
  const named = times.map((at, i) => `{"utf8.name","label.name"="x"} ${i} ${at}`);
  return [
    '# HELP http_requests_total Requests that were answered.',
    '# TYPE http_requests_total counter',
    ...requests.flat(),
    '# HELP queue_length What waits.\\nIn lines.',
    '# TYPE queue_length gauge',
    ...queue,
    ...named,
    '',
  ].join('\n');
}

/** An exposition with exemplars, which OpenMetrics alone has. */
export function tracedExposition(): string {
  const at = START + 900;
  const exemplar = (id: string, value: number, time = '') => ` # {trace_id="${id}"} ${value}${time}`;
  return [
    '# TYPE traced counter',
    `traced_total{path="/a"} 5 ${at}${exemplar('aa', 1.5, ` ${at - 1}.25`)}`,
    `traced_total{path="/b"} 7 ${at}${exemplar('bb', 2)}`,
    '# TYPE spread histogram',
    `spread_bucket{le="1.0"} 1 ${at}${exemplar('cc', 0.5, ` ${at}`)}`,
    `spread_bucket{le="+Inf"} 2 ${at}`,
    `spread_count 2 ${at}`,
    `spread_sum 3 ${at}`,
    '# EOF',
    '',
  ].join('\n');
}

export const PROMETHEUS_YML = (target: string) => `global:
  scrape_interval: 1s
  evaluation_interval: 1s
  external_labels: { region: west }
rule_files: [rules.yml]
scrape_configs:
  - job_name: demo
    honor_labels: true
    static_configs: [{ targets: ['${target}'] }]
  - job_name: traced
    honor_labels: true
    metrics_path: /traced
    static_configs: [{ targets: ['${target}'], labels: { instance: traced } }]
  - job_name: gone
    static_configs: [{ targets: ['127.0.0.1:2'] }]
    relabel_configs:
      - { source_labels: [job], regex: '(g)(.*)', target_label: first, replacement: '$1' }
      - { source_labels: [__address__], modulus: 8, target_label: shard, action: hashmod }
      - { regex: x_.*, action: labeldrop }
      - { source_labels: [job], regex: gone, action: drop }
      - { target_label: never }
`;

export const RULES_YML = `groups:
  - name: first
    rules:
      - { record: one, expr: vector(1), labels: { team: a } }
      - alert: Always
        expr: vector(1) > 0
        labels: { severity: page }
        annotations: { summary: it fires }
  - name: second
    interval: 2s
    limit: 10
    rules:
      - alert: Never
        expr: vector(1) > 2
        for: 5m
        keep_firing_for: 1m
`;
