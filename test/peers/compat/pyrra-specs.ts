import fc from 'fast-check';

const matcher = fc.constantFrom(
  'job="shop"',
  'code=~"5.."',
  'code!~"2..|3.."',
  'team!="x"',
  'handler="a\\"b\\n"',
  'le="1"',
  'le="0.25"',
  'namespace="prod"',
  '"utf8.label"="x"',
  'empty=""',
);
const matchers = fc.uniqueArray(matcher, { maxLength: 3, selector: text => text.split(/[=!]/)[0] });
const metric = fc.constantFrom(
  'http_requests_total',
  'requests_count',
  'a:b_bucket',
  'rpc_total_count',
  'up',
);

/** With the range of ways in which a selector can be written. */
const selector = (name: fc.Arbitrary<string>, always = '') =>
  fc.tuple(name, matchers).map(([text, list]) => {
    const all = [
      ...list.filter(each => always === '' || !each.startsWith('le')),
      ...(always ? [always] : []),
    ];
    return all.length > 0 ? `${text}{${all.join(', ')}}` : text;
  });

const grouping = fc.uniqueArray(fc.constantFrom('job', 'code', 'handler', 'namespace', 'team'), {
  maxLength: 3,
});
const le = fc.constantFrom('le="1"', 'le="0.5"', 'le="5.0"', 'le="+Inf"', 'le="1e3"', 'le="250"');

const indicator = fc.oneof(
  fc.record({ errors: selector(metric), total: selector(metric), grouping }).map(ratio => ({
    ratio: { errors: { metric: ratio.errors }, total: { metric: ratio.total }, grouping: ratio.grouping },
  })),
  fc
    .tuple(
      le.chain(bucket => selector(fc.constantFrom('d_bucket', 'x_bucket'), bucket)),
      selector(metric),
      grouping,
    )
    .map(([success, total, groups]) => ({
      latency: { success: { metric: success }, total: { metric: total }, grouping: groups },
    })),
  fc
    .tuple(selector(metric), fc.constantFrom('200ms', '1s', '1m', '2500ms', '1h30m'), grouping)
    .map(([total, latency, groups]) => ({
      latencyNative: { total: { metric: total }, latency, grouping: groups },
    })),
  fc
    .tuple(selector(metric), grouping)
    .map(([gauge, groups]) => ({ bool_gauge: { metric: gauge, grouping: groups } })),
);

const text = fc.constantFrom('payments', 'a "quoted" text', '{{ $value }}', 'ünïcode', '#1', 'true');
const labels = fc.dictionary(
  fc.constantFrom(
    'pyrra.dev/team',
    'pyrra.dev/job',
    'pyrra.dev/slo',
    'pyrra.dev/severity',
    'app',
    'pyrra.dev/le',
  ),
  text,
  { maxKeys: 3 },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Objectives of `pyrra.dev/v1alpha1` that the real Pyrra takes, as values to be written as JSON, which is YAML. */
export const pyrraObjective: fc.Arbitrary<object> = fc.record({
  apiVersion: fc.constant('pyrra.dev/v1alpha1'),
  kind: fc.constant('ServiceLevelObjective'),
  metadata: fc.record({
    name: fc.stringMatching(/^[a-z][-a-z0-9]{0,10}[a-z0-9]$/),
    namespace: maybe(fc.constantFrom('monitoring', '')),
    labels: maybe(labels),
    annotations: maybe(labels),
  }),
  spec: fc.record({
    description: maybe(text),
    target: fc.oneof(
      fc.constantFrom('99', '99.9', '99.99', '99.999', '95', '100', '0', '33.33', '1e1', '99.90', '0.5'),
      fc.double({ min: 0, max: 100, noNaN: true }).map(String),
    ),
    window: fc.constantFrom(
      '4w',
      '28d',
      '30d',
      '2w',
      '7d',
      '1d',
      '12h',
      '1h',
      '10m',
      '90d',
      '1y',
      '3d12h',
      '49d',
      '15d',
    ),
    indicator,
    alerting: maybe(
      fc.record({
        disabled: maybe(fc.boolean()),
        burnrates: maybe(fc.boolean()),
        absent: maybe(fc.boolean()),
        name: maybe(fc.constantFrom('Burn', '')),
        absentName: maybe(fc.constantFrom('Missing', '')),
        severities: maybe(
          fc.record({
            absent: maybe(text),
            fastBurn: maybe(text),
            mediumBurn: maybe(text),
            slowBurn: maybe(text),
            longTermBurn: maybe(text),
          }),
        ),
      }),
    ),
    performanceOverAccuracy: maybe(fc.boolean()),
    ruleOutput: maybe(fc.record({ enableDescriptionAsLabel: maybe(fc.boolean()) })),
  }),
});
