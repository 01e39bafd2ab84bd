import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import type { Appendable } from '../promql/storage.ts';
import { contentOf, EPOCH, openTestStore } from '../tsdb/testing.ts';
import type { TranslationSettings } from './index.ts';
import { encodeMetrics, testMetricsReceiver } from './testing.ts';

type Json = Record<string, unknown>;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const at = (seconds: number) => `${EPOCH + seconds * 1000}000000`;
const SERVICE = [text('service.name', 'shop')];

const request = (metrics: readonly Json[], resource: readonly Json[] = SERVICE, scope: Json = {}) => ({
  resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope, metrics }] }],
});
const point = (seconds: number, more: Json = { asDouble: 1 }, ...attributes: Json[]) => ({
  timeUnixNano: at(seconds),
  attributes,
  ...more,
});
const gauge = (name: string, points: readonly Json[], unit = '') => ({
  name,
  unit,
  gauge: { dataPoints: points },
});
const counter = (name: string, points: readonly Json[], unit = '') => ({
  name,
  unit,
  sum: { dataPoints: points, aggregationTemporality: 2, isMonotonic: true },
});

function openReceiver(settings: Partial<TranslationSettings> = {}, wrap = (store: Appendable) => store) {
  const store = openTestStore();
  const registry = new Registry();
  const receiver = testMetricsReceiver(wrap(store), EPOCH, settings, registry);
  return {
    store,
    registry,
    send: (body: object) => receiver.receive(encodeMetrics(body), 'protobuf', 'http'),
    sendWhole: (body: object) => receiver.receiveWhole(encodeMetrics(body), 'protobuf'),
    series: () => Object.keys(contentOf(store)),
    content: () => contentOf(store),
  };
}

const ACCEPTED = { type: 'accepted', partial: undefined };
const partly = (rejected: number, message: string) => ({
  type: 'accepted',
  partial: { rejected, errorMessage: expect.stringContaining(message) },
});

async function nameOf(metric: Json, settings: Partial<TranslationSettings> = {}): Promise<string> {
  const { send, series } = openReceiver(settings);
  await send(request([metric], []));
  return series()[0] ?? 'none';
}

describe('names', () => {
  it.each([
    ['http.server.requests', '{request}', 'http_server_requests_total', 'http_server_requests'],
    [
      'http.server.duration',
      'ms',
      'http_server_duration_milliseconds_total',
      'http_server_duration_milliseconds',
    ],
    ['disk.io', 'By/s', 'disk_io_bytes_per_second_total', 'disk_io_bytes_per_second'],
    ['disk.io.bytes', 'By', 'disk_io_bytes_total', 'disk_io_bytes'],
    ['total.requests', '', 'requests_total', 'total_requests'],
    ['fill', '1', 'fill_total', 'fill_ratio'],
    ['9lives', '', '_9lives_total', '_9lives'],
    ['größe', '', 'gr_e_total', 'gr_e'],
  ])('of %s in %j are %s for a counter and %s for a gauge', async (name, unit, forCounter, forGauge) => {
    expect(await nameOf(counter(name, [point(0)], unit))).toBe(forCounter);
    expect(await nameOf(gauge(name, [point(0)], unit))).toBe(forGauge);
  });

  it('are kept, or lose their suffixes, where the configuration says so', async () => {
    const metric = counter('disk.io', [point(0)], 'By');
    expect(await nameOf(metric, { addsSuffixes: false })).toBe('disk_io');
    expect(await nameOf(metric, { escapesNames: false })).toBe('disk.io_bytes_total');
    expect(await nameOf(metric, { escapesNames: false, addsSuffixes: false })).toBe('disk.io');
  });
});

describe('labels', () => {
  it('come from attributes, job and instance', async () => {
    const { send, series } = openReceiver();
    const resource = [
      text('service.namespace', 'eu'),
      text('service.name', 'shop'),
      text('service.instance.id', 'shop-1'),
    ];
    const attributes = [
      text('http.route', '/basket'),
      { key: 'retried', value: { boolValue: false } },
      text('_x', '1'),
      text('9', '2'),
      text('a.b', '1'),
      text('a-b', '2'),
      text('empty', ''),
    ];
    expect(await send(request([gauge('g', [point(0, { asInt: 1 }, ...attributes)])], resource))).toEqual(
      ACCEPTED,
    );
    expect(series()).toEqual([
      'g{a_b="2;1", http_route="/basket", instance="shop-1", job="eu/shop", key_9="2", key_x="1", retried="false"}',
    ]);
  });

  it('come from the resource and the scope where these are promoted', async () => {
    const { send, series } = openReceiver({
      promotedAttributes: { all: true, names: ['service.name'] },
      promotesScope: true,
    });
    const scope = { name: 'lib', version: '2', attributes: [text('x.y', 'z')] };
    await send(request([gauge('g', [point(0)])], [...SERVICE, text('host.name', 'h')], scope));
    expect(series()[0]).toBe(
      'g{host_name="h", job="shop", otel_scope_name="lib", otel_scope_version="2", otel_scope_x_y="z"}',
    );
  });

  it('of target_info are what the resource says besides', async () => {
    const { send, content } = openReceiver();
    await send(request([gauge('g', [point(0), point(200)])], [...SERVICE, text('host.name', 'h')]));
    expect(content()['target_info{host_name="h", job="shop"}']).toEqual([
      [EPOCH, 1],
      [EPOCH + 150_000, 1],
      [EPOCH + 200_000, 1],
    ]);
  });
});

describe('points', () => {
  it('of histograms are cumulative buckets, a count and a sum', async () => {
    const { send, content } = openReceiver();
    const dataPoints = [
      point(0, { count: '6', sum: 4.5, bucketCounts: ['1', '2', '3'], explicitBounds: [0.1, 2] }),
    ];
    await send(request([{ name: 'h', unit: 's', histogram: { dataPoints, aggregationTemporality: 2 } }], []));
    expect(content()).toEqual({
      h_seconds_count: [[EPOCH, 6]],
      h_seconds_sum: [[EPOCH, 4.5]],
      'h_seconds_bucket{le="0.1"}': [[EPOCH, 1]],
      'h_seconds_bucket{le="2"}': [[EPOCH, 3]],
      'h_seconds_bucket{le="+Inf"}': [[EPOCH, 6]],
    });
  });

  it('of summaries are quantiles, a count and a sum', async () => {
    const { send, content } = openReceiver();
    const dataPoints = [point(0, { count: '2', sum: 3, quantileValues: [{ quantile: 0.99, value: 2.5 }] })];
    await send(request([{ name: 's', summary: { dataPoints } }], []));
    expect(content()).toEqual({
      s_count: [[EPOCH, 2]],
      s_sum: [[EPOCH, 3]],
      's{quantile="0.99"}': [[EPOCH, 2.5]],
    });
  });

  it('without a recorded value are staleness markers', async () => {
    const { send, content } = openReceiver();
    await send(request([gauge('g', [point(0, { flags: 1, asInt: 5 })])], []));
    expect(content()).toEqual({ g: [[EPOCH, 'stale']] });
  });

  it('bring their exemplars', async () => {
    const { send, store } = openReceiver();
    const exemplars = [
      {
        timeUnixNano: at(1),
        asDouble: 2.5,
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
      },
    ];
    await send(request([counter('c', [point(0, { asInt: 1, exemplars })])], []));
    const [found] = store.exemplars([[]], EPOCH, EPOCH + 10_000);
    expect(found!.exemplars[0]).toMatchObject({ value: 2.5, timestamp: EPOCH + 1000 });
    expect(String(found!.exemplars[0]!.labels)).toBe(
      '{span_id="b7ad6b7169203331", trace_id="0af7651916cd43dd8448eb211c80319c"}',
    );
  });
});

describe('what cannot be stored', () => {
  const delta = (name: string) => ({
    name,
    sum: { dataPoints: [point(0), point(1)], aggregationTemporality: 1, isMonotonic: true },
  });
  const exponential = (temporality = 2) => ({
    name: 'e',
    exponentialHistogram: { dataPoints: [point(0)], aggregationTemporality: temporality },
  });

  it('is told with its number, and all else is stored, on the ports of a collector', async () => {
    const { send, series } = openReceiver();
    expect(await send(request([delta('d'), gauge('g', [point(0)])], []))).toEqual(
      partly(2, 'invalid temporality and type combination for metric "d"'),
    );
    expect(await send(request([exponential(), gauge('g2', [point(0)])], []))).toEqual(
      partly(1, 'native histograms are not supported: exponential histogram "e"'),
    );
    expect(await send(request([gauge('g', [point(-5), point(5)])], []))).toEqual(
      partly(1, 'out of order sample'),
    );
    expect(series()).toEqual(['g', 'g2']);
  });

  it('takes the whole request with it on the surface of Prometheus, exponential histograms excepted', async () => {
    const { sendWhole, series } = openReceiver();
    expect(await sendWhole(request([delta('d'), gauge('g', [point(0)])], []))).toEqual({
      type: 'failed',
      message: 'invalid temporality and type combination for metric "d"',
    });
    expect(series()).toEqual([]);
    expect(await sendWhole(request([exponential(), gauge('g', [point(0)])], []))).toMatchObject({
      type: 'stored',
      partial: { rejected: 1 },
    });
    expect(await sendWhole(request([gauge('g', [point(-5)]), gauge('g2', [point(0)])], []))).toEqual({
      type: 'samples-refused',
      message: 'out of order sample',
    });
    expect(series()).toEqual(['g']);
  });

  it('is asked for again when the disk refuses', async () => {
    const refusing = (store: Appendable): Appendable => ({
      appender: () => ({
        ...store.appender(),
        commit() {
          throw new UserError('store-read-only', 'no space');
        },
      }),
    });
    const { send, sendWhole } = openReceiver({}, refusing);
    const body = request([gauge('g', [point(0)])]);
    expect(await send(body)).toMatchObject({ type: 'unavailable', message: 'no space' });
    expect(await sendWhole(body)).toEqual({ type: 'failed', message: 'no space' });
  });

  it('is counted as the collector counts it', async () => {
    const { send, registry } = openReceiver();
    await send(request([delta('d'), gauge('g', [point(0)]), gauge('empty', [])], []));
    const text = await registry.metrics();
    expect(text).toContain(
      'otelcol_receiver_accepted_metric_points_total{receiver="otlp",transport="http"} 1',
    );
    expect(text).toContain(
      'otelcol_receiver_refused_metric_points_total{receiver="otlp",transport="http"} 2',
    );
    expect(text).toContain('prometheus_api_otlp_translation_warnings_total{category="empty_data_points"} 1');
  });
});
