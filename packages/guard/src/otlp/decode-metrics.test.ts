import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { encodeMetrics } from '../otlp-metrics/testing.ts';
import { DEFAULT_OTLP_LIMITS, decodeMetricsJson, decodeMetricsProtobuf } from './index.ts';

const json = (request: object, limits = DEFAULT_OTLP_LIMITS) =>
  decodeMetricsJson(Buffer.from(JSON.stringify(request)), limits);
const protobuf = (request: object, limits = DEFAULT_OTLP_LIMITS) =>
  decodeMetricsProtobuf(encodeMetrics(request), limits);

/** Requests as OTLP's JSON has them, without fields that are left at their defaults being told from those absent. */
const word = fc.string({ minLength: 1, maxLength: 8 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const double = fc.double({ noNaN: true });
const value = fc.oneof(
  fc.record({ stringValue: fc.string() }),
  fc.record({ boolValue: fc.boolean() }),
  fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
  fc.record({
    arrayValue: fc.record({ values: fc.array(fc.record({ stringValue: fc.string() }), { maxLength: 2 }) }),
  }),
);
const attributes = fc.array(fc.record({ key: word, value }), { maxLength: 3 });
const number = fc.oneof(fc.record({ asDouble: double }), fc.record({ asInt: fc.integer().map(String) }));
const exemplar = fc.tuple(number, uint64, attributes).map(([one, timeUnixNano, filteredAttributes]) => ({
  ...one,
  timeUnixNano,
  filteredAttributes,
  traceId: '0af7651916cd43dd8448eb211c80319c',
}));
const common = { attributes, timeUnixNano: uint64, startTimeUnixNano: uint64, flags: fc.nat(3) };
const numberPoint = fc
  .tuple(fc.record({ ...common, exemplars: fc.array(exemplar, { maxLength: 2 }) }), number)
  .map(([point, one]) => ({ ...point, ...one }));
const histogramPoint = fc.record({
  ...common,
  count: uint64,
  sum: double,
  bucketCounts: fc.array(uint64, { maxLength: 4 }),
  explicitBounds: fc.array(double, { maxLength: 4 }),
});
const summaryPoint = fc.record({
  ...common,
  count: uint64,
  sum: double,
  quantileValues: fc.array(fc.record({ quantile: double, value: double }), { maxLength: 3 }),
});
const points = <T>(point: fc.Arbitrary<T>) => fc.array(point, { maxLength: 3 });
const metric = fc
  .tuple(
    fc.record({ name: word, unit: word }),
    fc.oneof(
      fc.record({ gauge: fc.record({ dataPoints: points(numberPoint) }) }),
      fc.record({
        sum: fc.record({
          dataPoints: points(numberPoint),
          aggregationTemporality: fc.nat(2),
          isMonotonic: fc.boolean(),
        }),
      }),
      fc.record({
        histogram: fc.record({ dataPoints: points(histogramPoint), aggregationTemporality: fc.nat(2) }),
      }),
      fc.record({ summary: fc.record({ dataPoints: points(summaryPoint) }) }),
    ),
  )
  .map(([head, data]) => ({ ...head, ...data }));
const requests = fc.record({
  resourceMetrics: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeMetrics: fc.array(
        fc.record({
          scope: fc.record({ name: word, attributes }),
          metrics: fc.array(metric, { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});

/** Protobuf keeps temporality and monotony of every kind of metric, JSON of those that have them. */
const comparable = (groups: unknown) =>
  JSON.parse(
    JSON.stringify(groups, (key, one) =>
      typeof one === 'bigint' ? `${one}` : key === 'temporality' || key === 'isMonotonic' ? undefined : one,
    ),
  );

function problemOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems[0]!;
  }
  return undefined;
}

describe('metrics', () => {
  it('are the same from JSON and from protobuf', () => {
    fc.assert(
      fc.property(requests, request => {
        expect(comparable(protobuf(request))).toEqual(comparable(json(request)));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('keep 64-bit integers, infinities and what is not set', () => {
    const dataPoints = [
      { asInt: '9223372036854775807', timeUnixNano: '18446744073709551615' },
      { asDouble: 'Infinity' },
      {},
    ];
    const [group] = json({
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'g', gauge: { dataPoints } }] }] }],
    });
    expect(group!.scopeMetrics[0]!.metrics[0]!.data.points).toMatchObject([
      { value: 9223372036854775807n, timeUnixNano: 18446744073709551615n },
      { value: Number.POSITIVE_INFINITY },
      { value: undefined, timeUnixNano: 0n },
    ]);
  });

  const histogram = (buckets: number, count = 1) => ({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'h',
                histogram: {
                  dataPoints: Array.from({ length: count }, () => ({
                    bucketCounts: Array.from({ length: buckets }, () => '1'),
                  })),
                },
              },
            ],
          },
        ],
      },
    ],
  });

  it.each([
    ['maxPointsPerRequest', { maxPointsPerRequest: 2 }, histogram(0, 3)],
    ['maxBucketsPerRequest', { maxBucketsPerRequest: 4 }, histogram(5)],
    ['maxItemsPerRequest', { maxItemsPerRequest: 2 }, histogram(1)],
    ['maxRequestBytes', { maxRequestBytes: 10 }, histogram(1)],
  ])('are refused beyond the limit %s, in either encoding', (limit, limits, request) => {
    for (const decode of [json, protobuf]) {
      const problem = problemOf(() => decode(request, { ...DEFAULT_OTLP_LIMITS, ...limits }));
      expect(problem).toMatchObject({ code: 'otlp-too-large', message: expect.stringContaining(limit) });
    }
  });

  it('that are damaged are refused or read, and never more', () => {
    const bytes = fc.tuple(requests, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(5));
    fc.assert(
      fc.property(bytes, ([request, changes, cut]) => {
        const body = encodeMetrics(request);
        for (const [place, byte] of changes) if (body.length > 0) body[place % body.length] = byte;
        const problem = problemOf(() => decodeMetricsProtobuf(body.subarray(0, body.length - cut)));
        expect([undefined, 'otlp-malformed', 'otlp-too-large']).toContain(problem?.code);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
