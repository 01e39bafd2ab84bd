import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../packages/guard/src/core/index.ts';
import { encodeMetrics } from '../../packages/guard/src/otlp-metrics/testing.ts';
import { type EngineProcess, startEngine } from './support/engine-process.ts';

/** The last full minute: both refuse what is far from their clocks. */
const BASE = Math.floor(Date.now() / 60_000) * 60_000;
/** An instant as OTLP has it, seconds after half an hour ago. */
const at = (seconds: number) => `${BASE - 1_800_000 + seconds * 1000}000000`;

const OLDEST_SECONDS = 1800 + 3600;

type Json = Record<string, unknown>;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const SERVICE = [text('service.name', 'shop'), text('service.instance.id', 'shop-1')];

const request = (metrics: readonly Json[], resource: readonly Json[] = SERVICE, scope: Json = {}) => ({
  resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope, metrics }] }],
});
const gauge = (name: string, points: readonly Json[], more: Json = {}) => ({
  name,
  gauge: { dataPoints: points },
  ...more,
});
const sum = (name: string, points: readonly Json[], more: Json = {}) => ({
  name,
  sum: { dataPoints: points, aggregationTemporality: 2, isMonotonic: true },
  ...more,
});
const histogram = (name: string, points: readonly Json[], more: Json = {}) => ({
  name,
  histogram: { dataPoints: points, aggregationTemporality: 2 },
  ...more,
});
const point = (seconds: number, value: Json = { asDouble: 1.5 }, ...attributes: Json[]) => ({
  timeUnixNano: at(seconds),
  startTimeUnixNano: at(0),
  attributes,
  ...value,
});
const buckets = (seconds: number, more: Json = {}) =>
  point(seconds, {
    count: '7',
    sum: 12.5,
    bucketCounts: ['1', '2', '3', '1'],
    explicitBounds: [0.5, 1, 2.5],
    ...more,
  });
const exemplar = (seconds: number, value: Json, ...filteredAttributes: Json[]) => ({
  timeUnixNano: at(seconds),
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  filteredAttributes,
  ...value,
});

const NAMES = [
  'requests',
  'http.server.request.duration',
  'a..b__c',
  '9lives',
  'größe',
  '_',
  '__',
  'total',
  'requests.total',
  'ratio',
  'x_ratio',
  'memory.usage.bytes',
  'bytes_per_second',
  'per_second',
  'with space',
  'UPPER:colon',
  'a-b',
  'seconds',
];
const UNITS = [
  '',
  '1',
  's',
  'ms',
  'By',
  'By/s',
  '{requests}',
  '{requests}/s',
  '%',
  'KiBy/m',
  'm/s',
  'widgets',
  '/s',
  ' s ',
  'a/b/c',
  '__x__/__y__',
  'per',
];

/** Requests by what they try. `n` names what is theirs. */
const CASES: ReadonlyArray<readonly [what: string, requests: (n: string) => readonly object[]]> = [
  ['nothing', () => [{}, request([]), { resourceMetrics: [{}] }]],
  [
    'gauges',
    n => [
      request([
        gauge(n, [
          point(0),
          point(1, { asInt: '-7' }),
          point(2, {}),
          point(3, { asInt: '9007199254740993' }),
        ]),
      ]),
    ],
  ],
  [
    'sums',
    n => [
      request([
        sum(n, [point(0), point(1, { asInt: 5 })]),
        { name: `${n}.updown`, sum: { dataPoints: [point(0)], aggregationTemporality: 2 } },
      ]),
    ],
  ],
  [
    'names and units of gauges',
    n => NAMES.flatMap(name => UNITS.map(unit => request([gauge(`${n}${name}`, [point(0)], { unit })]))),
  ],
  [
    'names and units of counters',
    n => NAMES.flatMap(name => UNITS.map(unit => request([sum(`${n}${name}`, [point(0)], { unit })]))),
  ],
  [
    'names without anything before them',
    () => NAMES.map(name => request([gauge(name, [point(0)], { unit: 's' })])),
  ],
  ['an empty name', () => [request([gauge('', [point(0)])])]],
  [
    'histograms',
    n => [
      request([
        histogram(n, [buckets(0), buckets(15, { count: '9', bucketCounts: ['2', '2', '3', '2'] })], {
          unit: 's',
        }),
      ]),
      request([histogram(`${n}.nosum`, [buckets(0, { sum: undefined })])]),
      request([histogram(`${n}.nobuckets`, [buckets(0, { bucketCounts: [], explicitBounds: [] })])]),
      request([histogram(`${n}.short`, [buckets(0, { bucketCounts: ['3'] })])]),
      request([histogram(`${n}.inf`, [buckets(0, { explicitBounds: [1e-9, 1e21, 'Infinity'] })])]),
      request([histogram(`${n}.odd`, [buckets(0, { explicitBounds: ['-Infinity', -0, 'NaN'] })])]),
      request([histogram(`${n}.le`, [{ ...buckets(0), attributes: [text('le', 'mine')] }])]),
    ],
  ],
  [
    'summaries',
    n => [
      request([
        {
          name: n,
          unit: 'ms',
          summary: {
            dataPoints: [
              point(0, {
                count: '3',
                sum: 4.5,
                quantileValues: [{ quantile: 0.5, value: 1 }, { quantile: 0.999, value: 2 }, { quantile: 1 }],
              }),
            ],
          },
        },
      ]),
      request([
        {
          name: `${n}.stale`,
          summary: {
            dataPoints: [point(0, { count: '3', quantileValues: [{ quantile: 0.5, value: 1 }], flags: 1 })],
          },
        },
      ]),
    ],
  ],
  [
    'points without a recorded value',
    n => [
      request([
        gauge(n, [point(0), point(1, { flags: 1, asDouble: 9 }), point(2)]),
        histogram(`${n}.h`, [buckets(0), { ...buckets(1), flags: 1 }]),
      ]),
    ],
  ],
  [
    'exemplars',
    n => [
      request([
        sum(n, [
          point(0, {
            asInt: 1,
            exemplars: [exemplar(2, { asInt: '3' }), exemplar(1, { asDouble: 2.5 }, text('user.id', 'x'))],
          }),
        ]),
        gauge(`${n}.gauge`, [point(0, { asInt: 1, exemplars: [exemplar(2, { asInt: '3' })] })]),
        histogram(`${n}.h`, [
          buckets(0, {
            exemplars: [
              exemplar(1, { asDouble: 0.2 }),
              exemplar(2, { asDouble: 0.9 }),
              exemplar(3, { asDouble: 0.7 }),
              exemplar(4, { asDouble: 99 }),
            ],
          }),
        ]),
      ]),
      request([
        sum(`${n}.long`, [
          point(0, { asInt: 1, exemplars: [exemplar(1, { asInt: 1 }, text('long', 'x'.repeat(200)))] }),
        ]),
      ]),
      request([
        sum(`${n}.collide`, [
          point(0, { asInt: 1, exemplars: [exemplar(1, { asInt: 1 }, text('trace_id', 'other'))] }),
        ]),
      ]),
      request([
        sum(`${n}.bare`, [
          point(0, {
            asInt: 1,
            exemplars: [{ timeUnixNano: at(1), asDouble: 1, filteredAttributes: [text('trace_id', 'mine')] }],
          }),
        ]),
      ]),
      request([sum(`${n}.novalue`, [point(0, { asInt: 1, exemplars: [exemplar(1, {})] })])]),
      request([
        sum(`${n}.future`, [point(0, { asInt: 1, exemplars: [exemplar(1800 + 3600, { asInt: 1 })] })]),
      ]),
    ],
  ],
  [
    'attributes of every kind',
    n => [
      request([
        gauge(n, [
          point(
            0,
            { asInt: 1 },
            { key: 'int', value: { intValue: '-42' } },
            { key: 'bool', value: { boolValue: true } },
            { key: 'double', value: { doubleValue: 1e21 } },
            { key: 'small', value: { doubleValue: 1.5e-7 } },
            { key: 'zero', value: { doubleValue: -0 } },
            { key: 'nan', value: { doubleValue: 'NaN' } },
            { key: 'inf', value: { doubleValue: '-Infinity' } },
            { key: 'bytes', value: { bytesValue: 'AQIDBA==' } },
            {
              key: 'list',
              value: {
                arrayValue: {
                  values: [{ stringValue: 'a<b>&\u2028"' }, { intValue: 1 }, {}, { boolValue: false }],
                },
              },
            },
            {
              key: 'map',
              value: { kvlistValue: { values: [text('z', '1'), text('a', '2'), text('z', '3')] } },
            },
            { key: 'nanlist', value: { arrayValue: { values: [{ doubleValue: 'NaN' }] } } },
            { key: 'unset', value: {} },
            text('empty', ''),
          ),
        ]),
      ]),
    ],
  ],
  [
    'attribute names',
    n => [
      request([
        gauge(
          n,
          [
            'a.b',
            'a b',
            'größe',
            '9',
            '_x',
            '__x',
            '__x__',
            'a__b',
            '_',
            '__name__',
            'le',
            'job',
            'x-',
            'A:b',
          ].map((key, i) => point(i, { asInt: 1 }, text(key, 'v'))),
        ),
      ]),
    ],
  ],
  ['an attribute without a name', n => [request([gauge(n, [point(0, { asInt: 1 }, text('', 'v'))])])]],
  ['an attribute of underscores', n => [request([gauge(n, [point(0, { asInt: 1 }, text('___', 'v'))])])]],
  [
    'attributes that collide',
    n => [
      request([
        gauge(n, [
          point(0, { asInt: 1 }, text('a.b', '1'), text('a_b', '2'), text('a-b', '3')),
          point(1, { asInt: 1 }, text('a.b', ''), text('a_b', '2')),
        ]),
      ]),
      request([gauge(`${n}.job`, [point(0, { asInt: 1 }, text('job', 'mine'), text('instance', 'mine'))])]),
    ],
  ],
  [
    'resources',
    n => [
      request([gauge(`${n}.none`, [point(0)])], []),
      request(
        [gauge(`${n}.namespace`, [point(0)])],
        [text('service.namespace', 'ns'), ...SERVICE, text('host.name', 'h')],
      ),
      request([gauge(`${n}.lonely`, [point(0)])], [text('service.namespace', 'ns'), text('host.name', 'h')]),
      request(
        [gauge(`${n}.instance`, [point(0)])],
        [text('service.instance.id', 'i'), text('host.name', 'h2')],
      ),
      request([gauge(`${n}.job`, [point(0)])], [text('job', 'by hand'), text('host.name', 'h3')]),
      request([gauge(`${n}.empty`, [point(0)])], [text('service.name', ''), text('host.name', 'h4')]),
      request(
        [gauge(`${n}.promoted`, [point(0, { asInt: 1 }, text('host.name', 'own')), point(1)])],
        [
          ...SERVICE,
          text('host.name', 'h5'),
          text('deployment.environment', 'prod'),
          text('a.b', '1'),
          text('a_b', '2'),
        ],
      ),
      request(
        [gauge(`${n}.int`, [point(0)])],
        [{ key: 'service.name', value: { intValue: 7 } }, text('k8s.pod.name', 'p')],
      ),
    ],
  ],
  [
    'target_info over time',
    n => [
      request(
        [gauge(n, [point(0), point(400), point(1000)])],
        [text('service.name', n), text('host.name', 'h')],
      ),
      {
        resourceMetrics: [0, 1].map(
          i =>
            request([gauge(`${n}.${i}`, [point(1100)])], [text('service.name', n), text('host.name', 'h')])
              .resourceMetrics[0],
        ),
      },
      request(
        [gauge(n, [point(1200)])],
        [text('service.name', n), text('host.name', 'h'), text('a.b', '1'), text('a_b', '2')],
      ),
    ],
  ],
  [
    'scopes',
    n => [
      request([gauge(n, [point(0)])], SERVICE, {
        name: 'lib',
        version: '1.2',
        attributes: [text('x.y', '1'), text('name', 'other')],
      }),
      request(
        [gauge(`${n}.noversion`, [point(0, { asInt: 1 }, text('otel_scope_version', 'mine'))])],
        SERVICE,
        { name: 'lib' },
      ),
      request([gauge(`${n}.noname`, [point(0)])], SERVICE, {
        version: '1.2',
        attributes: [text('x.y', '1')],
      }),
      {
        resourceMetrics: [
          {
            resource: { attributes: SERVICE },
            scopeMetrics: ['a', 'b'].map((name, i) => ({
              scope: { name },
              schemaUrl: 'https://x/1',
              metrics: [gauge(`${n}.twice`, [point(0, { asInt: i })])],
            })),
          },
        ],
      },
    ],
  ],
  [
    'the same point twice',
    n => [
      request([gauge(n, [point(0, { asInt: 1 }), point(0, { asInt: 2 })])]),
      request([gauge(n, [point(0, { asInt: 1 })])]),
      request([gauge(n, [point(0, { asInt: 3 })])]),
    ],
  ],
  [
    'points out of order',
    n => [
      request([gauge(n, [point(5), point(3), point(6)])]),
      request([
        gauge(`${n}.good`, [point(0)]),
        gauge(n, [point(4), point(7)]),
        gauge(`${n}.good2`, [point(0)]),
      ]),
      request([gauge(n, [point(8), point(1)])]),
    ],
  ],
  ['points too far ahead', n => [request([gauge(`${n}.good`, [point(0)]), gauge(n, [point(1800 + 3600)])])]],
  [
    'delta temporality',
    n => [
      request([
        gauge(`${n}.good`, [point(0)]),
        { name: `${n}.delta`, sum: { dataPoints: [point(0)], aggregationTemporality: 1, isMonotonic: true } },
      ]),
      request([
        { name: `${n}.unspecified`, sum: { dataPoints: [point(0)] } },
        { name: `${n}.h`, histogram: { dataPoints: [buckets(0)], aggregationTemporality: 1 } },
      ]),
      request([
        { name: `${n}.e`, exponentialHistogram: { dataPoints: [point(0)], aggregationTemporality: 1 } },
      ]),
    ],
  ],
  [
    'metrics without data',
    n => [request([{ name: n }]), request([gauge(n, []), sum(`${n}.s`, []), histogram(`${n}.h`, [])])],
  ],
];

/** Collects when it is asked to. */
class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Instruments of every kind, collected by the SDK; each call has a service of its own. */
let services = 0;
async function sdkMetrics(): Promise<ResourceMetrics> {
  const reader = new ManualReader();
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': `sdk-${++services}`, 'process.pid': 4711 }),
    readers: [reader],
  });
  const meter = provider.getMeter('shop', '1.2.3');
  const attributes = { 'http.route': '/basket', 'http.response.status_code': 200, cached: true };
  meter.createCounter('http.server.requests', { unit: '{request}', description: 'All.' }).add(3, attributes);
  meter.createUpDownCounter('http.server.active_requests').add(-2, attributes);
  meter.createHistogram('http.server.request.duration', { unit: 's' }).record(0.25, attributes);
  meter.createGauge('queue.fill', { unit: '1' }).record(0.5);
  meter.createObservableGauge('memory.usage', { unit: 'By' }).addCallback(result => result.observe(1024));
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  await provider.shutdown();
  return resourceMetrics;
}

interface Answered {
  readonly status: number;
  readonly body: string;
}

/** The value that a duplicate has in the store is told by the other alone; decoders have words of their own. */
const comparable = (status: number, body: string, isDecodable: boolean) =>
  status === 400 && !isDecodable
    ? '(not decodable)'
    : body
        .replace(/(overrides not allowed: ).*/g, '$1…')
        .replace('label name "" is not unique: invalid sample', 'label name is empty');

async function postTo(
  { address }: EngineProcess,
  body: Buffer,
  headers: Record<string, string>,
  isDecodable = true,
): Promise<Answered> {
  const url = `http://${address}/api/v1/otlp/v1/metrics`;
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
  return { status: response.status, body: comparable(response.status, await response.text(), isDecodable) };
}

/** All that an engine has, by series, those without a name included. */
async function contentOf({ address }: EngineProcess): Promise<Record<string, unknown>> {
  const content: Array<readonly [string, unknown]> = [];
  for (const selector of ['{__name__=~".+"}[2h]', '{__name__="",job=~".+"}[2h]']) {
    const url = `http://${address}/api/v1/query?query=${encodeURIComponent(selector)}&time=${BASE / 1000 + 900}`;
    const { data } = (await (await fetch(url)).json()) as {
      data: { result: Array<{ metric: Record<string, string>; values: unknown }> };
    };
    for (const { metric, values } of data.result)
      content.push([JSON.stringify(Object.entries(metric).sort()), values]);
  }
  return Object.fromEntries(content);
}

async function exemplarsOf({ address }: EngineProcess): Promise<unknown> {
  const query = encodeURIComponent('{__name__=~".+"}');
  const range = `start=${BASE / 1000 - 7200}&end=${BASE / 1000 + 7200}`;
  const response = await fetch(`http://${address}/api/v1/query_exemplars?query=${query}&${range}`);
  return ((await response.json()) as { data: unknown }).data;
}

const CONFIGURATIONS: ReadonlyArray<readonly [what: string, section: string]> = [
  ['without a section', ''],
  [
    'that escapes without suffixes',
    'otlp: { translation_strategy: UnderscoreEscapingWithoutSuffixes, keep_identifying_resource_attributes: true, promote_scope_metadata: true }',
  ],
  [
    'that keeps names and adds suffixes',
    'otlp: { translation_strategy: NoUTF8EscapingWithSuffixes, promote_resource_attributes: [host.name, a.b, a_b], promote_scope_metadata: true }',
  ],
  [
    'that translates nothing',
    'otlp: { translation_strategy: NoTranslation, promote_all_resource_attributes: true, ignore_resource_attributes: [service.name] }',
  ],
  [
    'that escapes labels in its own way',
    'otlp: { promote_all_resource_attributes: true, label_name_underscore_sanitization: false, label_name_preserve_multiple_underscores: false, promote_scope_metadata: true }',
  ],
];

describe.each(CONFIGURATIONS)('a configuration %s', (_what, section) => {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-otlp-'));
  const engines: EngineProcess[] = [];

  beforeAll(async () => {
    const config = `global: { evaluation_interval: 1h }\n${section}\n`;
    for (const name of ['prometheus', 'slo-guard'] as const) {
      // The other engine takes what is no more than an hour older than its newest sample.
      const kept = name === 'slo-guard' ? [`--storage.tsdb.retention.time=${OLDEST_SECONDS}s`] : [];
      const flags = ['--web.enable-otlp-receiver', ...kept];
      engines.push(await startEngine(name, { folder: join(folder, name), config, flags }));
    }
  });
  afterAll(async () => {
    for (const engine of engines) await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function answer(
    body: Buffer,
    headers: Record<string, string>,
    isDecodable = true,
  ): Promise<Answered> {
    const [theirs, ours] = await Promise.all(
      engines.map(engine => postTo(engine, body, headers, isDecodable)),
    );
    expect(ours, body.toString('latin1').slice(0, 2000)).toEqual(theirs);
    return theirs!;
  }

  it.each(CASES)('takes %s as Prometheus does, in JSON and in protobuf', async (what, requests) => {
    const name = what.replace(/\W/g, '_');
    for (const one of requests(`j.${name}`))
      await answer(Buffer.from(JSON.stringify(one)), { 'content-type': 'application/json' });
    for (const one of requests(`p.${name}`))
      await answer(gzipSync(encodeMetrics(one)), {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
      });
  });

  it("takes what OpenTelemetry's SDK sends", async () => {
    const metrics = await sdkMetrics();
    const json = Buffer.from(JsonMetricsSerializer.serializeRequest(metrics)!);
    expect(await answer(json, { 'content-type': 'application/json' })).toMatchObject({ status: 200 });
    const protobuf = Buffer.from(ProtobufMetricsSerializer.serializeRequest(await sdkMetrics())!);
    const headers = { 'content-type': 'application/x-protobuf' };
    expect(await answer(protobuf, headers)).toMatchObject({ status: 200 });
  });

  // In more of them, groups that never end are refused here alone.
  it('takes or refuses messages with a few bytes changed alike', async () => {
    const rng = createRng(20_261_126);
    const headers = { 'content-type': 'application/x-protobuf' };
    const statuses = new Set<number>();
    for (let run = 0; run < 150; run++) {
      const metrics = [
        sum(`changed.${run}`, [
          point(0, { asInt: 1, exemplars: [exemplar(1, { asInt: 3 })] }, text('a', 'b')),
        ]),
        histogram(`changed.${run}.h`, [buckets(0)]),
      ];
      const bytes = encodeMetrics(request(metrics));
      for (let i = 0; i < 1 + rng.integer(2); i++) bytes[rng.integer(bytes.length)] = rng.integer(256);
      const [theirs, ours] = await Promise.all(engines.map(engine => postTo(engine, bytes, headers)));
      expect(ours!.status, `${bytes.toString('hex')} ${theirs!.body} ${ours!.body}`).toBe(theirs!.status);
      statuses.add(theirs!.status);
    }
    expect([...statuses]).toContain(400);
  });

  it('has the same samples and exemplars in the end', async () => {
    const [theirs, ours] = await Promise.all(engines.map(contentOf));
    expect(Object.keys(theirs!).length).toBeGreaterThan(250);
    expect(ours).toEqual(theirs);
    const [theirExemplars, ourExemplars] = await Promise.all(engines.map(exemplarsOf));
    expect(theirExemplars).not.toEqual([]);
    expect(ourExemplars).toEqual(theirExemplars);
  });

  it.each([
    ['another content type', { 'content-type': 'text/plain' }, true],
    ['a content type with a parameter', { 'content-type': 'application/json; charset=utf-8' }, true],
    ['another encoding', { 'content-type': 'application/json', 'content-encoding': 'deflate' }, true],
    ['gzip that is none', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, false],
    ['no protobuf', { 'content-type': 'application/x-protobuf' }, false],
    ['no JSON', { 'content-type': 'application/json' }, false],
  ] as const)('answers %s as Prometheus does', async (_case, headers, isDecodable) => {
    expect(await answer(Buffer.from('neither'), headers, isDecodable)).toMatchObject({ status: 400 });
  });
});
