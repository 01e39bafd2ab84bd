import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenApiError } from './open-api-error.ts';
import { readPostableAlerts } from './postable-alerts.ts';

const oneOf = (...values: readonly unknown[]) => fc.constantFrom(...values);
const usually = (...values: readonly unknown[]) => ({ weight: 60, arbitrary: oneOf(...values) });
const texts = fc.dictionary(
  fc.oneof(usually('alertname', 'job', '', 'ä', '__proto__'), oneOf('half \ud83d')) as fc.Arbitrary<string>,
  fc.oneof(usually('x', '', '🙂'), oneOf('half \udc00')),
);
const time = fc.oneof(
  usually('2026-11-26T12:00:00Z', '2026-11-26T12:00:00.123456789+01:00', '2026-11-26', ''),
  { weight: 5, arbitrary: oneOf('0001-01-01T00:00:00Z') },
);
const wrong = oneOf(1, null, 'no', [], {}, true, { a: 1 }, ['x']);
const alert = fc.record(
  {
    labels: fc.oneof({ weight: 60, arbitrary: texts }, wrong),
    annotations: fc.oneof({ weight: 60, arbitrary: texts }, wrong),
    startsAt: fc.oneof({ weight: 60, arbitrary: time }, wrong),
    endsAt: fc.oneof({ weight: 60, arbitrary: time }, wrong),
    generatorURL: fc.oneof(usually('http://p/graph', '/x', ''), wrong),
    more: wrong,
  },
  { requiredKeys: ['labels', 'startsAt', 'endsAt'] },
);

const outcomeOf = (read: () => unknown) => {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(OpenApiError);
    const { statusCode, code, message } = error as OpenApiError;
    return { statusCode, code, message };
  }
};

it('reads alerts as senders write them as the schema does', () => {
  // Without times: as no sender of a plain batch writes it.
  const unusual = { labels: { alertname: 'unusual' } };
  let plain = 0;
  fc.assert(
    fc.property(fc.array(alert, { maxLength: 4 }), body => {
      const alone = outcomeOf(() => readPostableAlerts(body));
      const bySchema = outcomeOf(() => readPostableAlerts([...body, unusual]).slice(0, -1));
      expect(alone).toEqual(bySchema);
      if (Array.isArray(alone) && alone.length > 0) plain++;
    }),
    { numRuns: 2_000 },
  );
  expect(plain).toBeGreaterThan(300);
});

it('takes nothing for no alerts', () => {
  expect(readPostableAlerts(null)).toEqual([]);
  expect(readPostableAlerts([])).toEqual([]);
  expect(() => readPostableAlerts(undefined)).toThrow('alerts in body is required');
});
