import fc from 'fast-check';

const name = fc.stringMatching(/^[a-zA-Z0-9][-a-zA-Z0-9_.]{0,12}[a-zA-Z0-9]$/);
const labelName = fc.constantFrom(
  'team',
  'tier',
  'owner',
  'sloth_id',
  'sloth_window',
  'region.eu',
  'zürich',
  'a b',
);
/** As written in YAML, so that Go's resolving is compared too. */
const written = fc
  .oneof(
    fc.constantFrom(
      'payments',
      '"quoted"',
      "'it''s'",
      '010',
      '0x1F',
      '0b11',
      '1_000',
      'on',
      'No',
      'y',
      '1.50',
    ),
    fc.constantFrom(
      '1e3',
      '"010"',
      '2024-01-01',
      '.5',
      '08',
      '12:30',
      '"#x: {}"',
      '- a',
      '"日本"',
      '+7',
      '-0',
    ),
    fc.integer({ min: -1e6, max: 1e6 }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  )
  .filter(text => text !== '- a');
const texts = fc.dictionary(labelName, written, { maxKeys: 3 });

const selector = fc.constantFrom(
  'http_requests_total{job="a",code=~"5.."}',
  'errors_total',
  'a:b:c{x!="y"}',
  '{"utf8.metric", job="x"}',
);
const query = fc.oneof(
  selector.map(metric => `sum(rate(${metric}[{{.window}}]))`),
  selector.map(metric => `sum(rate(${metric}[{{ .window }}])) or vector(0)`),
  selector.map(
    metric =>
      `{{if eq .window "5m"}}sum(rate(${metric}[5m])){{else}}sum(increase(${metric}[{{.window}}])){{end}}`,
  ),
  selector.map(metric => `sum(\n  rate(${metric}[{{.window}}])\n)\n`),
  selector.map(metric => `{{$w := .window}}sum(rate(${metric}[{{.window}}] offset {{ $w | printf "%s" }}))`),
);
const objective = fc.oneof(
  fc.constantFrom(
    '99',
    '99.9',
    '99.99',
    '99.999',
    '95',
    '100',
    '99.95',
    '33.3333',
    '0.1',
    '1e1',
    '0x10',
    '50.0',
  ),
  fc.double({ min: 0.001, max: 100, noNaN: true }).map(String),
);

const alert = fc.record({ disable: fc.constantFrom('true', 'false'), labels: texts, annotations: texts });

const indent = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);
const map = (entries: Readonly<Record<string, string>>, by: string): string =>
  Object.keys(entries).length === 0
    ? ' {}'
    : Object.entries(entries)
        .map(([key, value]) => `\n${by}${JSON.stringify(key)}: ${value}`)
        .join('');

const slo = fc.record({
  name,
  objective,
  labels: texts,
  sli: fc.oneof(
    fc.record({ error: query, total: query }).filter(({ error, total }) => error !== total),
    fc.record({ ratio: query }),
  ),
  page: alert,
  ticket: alert,
  common: fc.record({ labels: texts, annotations: texts }),
});

type Alert = typeof alert extends fc.Arbitrary<infer T> ? T : never;
type SloValue = typeof slo extends fc.Arbitrary<infer T> ? T : never;

const alertYaml = ({ disable, labels, annotations }: Alert): string =>
  `
        disable: ${disable}
        labels:${map(labels, '          ')}
        annotations:${map(annotations, '          ')}`;

const sliYaml = (sli: SloValue['sli']): string =>
  'ratio' in sli
    ? `raw:\n        error_ratio_query: ${JSON.stringify(sli.ratio)}`
    : `events:
        error_query: ${JSON.stringify(sli.error)}
        total_query: |2-\n${indent(`          ${sli.total.trimEnd()}`, '          ')}`;

const sloYaml = (value: SloValue): string => `
  - name: "${value.name}"
    objective: ${value.objective}
    labels:${map(value.labels, '      ')}
    sli:
      ${sliYaml(value.sli)}
    alerting:
      name: HighErrors
      labels:${map(value.common.labels, '        ')}
      annotations:${map(value.common.annotations, '        ')}
      page_alert:${alertYaml(value.page)}
      ticket_alert:${alertYaml(value.ticket)}`;

/** Documents `version: prometheus/v1` that the real Sloth takes. */
export const slothSpec: fc.Arbitrary<string> = fc
  .record({
    service: name,
    labels: texts,
    slos: fc.uniqueArray(slo, { minLength: 1, maxLength: 3, selector: s => s.name }),
  })
  .map(
    ({ service, labels, slos }) =>
      `version: "prometheus/v1"\nservice: "${service}"\nlabels:${map(labels, '  ')}\nslos:${slos.map(sloYaml).join('')}\n`,
  );
