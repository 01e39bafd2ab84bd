import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDuration } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';
import type { Slo } from '../model.ts';
import { sloOf } from '../slo.testing.ts';
import { writeOpenSlo } from './write.ts';

const load = (file: string, text: string) => loadSloFiles([{ file, text }]).slos;

/** Everything but the place; queries are compared by what they are over two windows. */
const comparable = ({ source: _, sli, ...rest }: Slo) => ({
  ...rest,
  sli: Object.entries(sli).map(([field, value]) =>
    typeof value === 'object'
      ? ['5m', '3d'].map(window => value.over(parseDuration(window)!))
      : [field, value],
  ),
});

const GOLDEN = join(import.meta.dirname, 'golden');

test.each(['indicators', 'alerting', 'windows', 'v1alpha'])(
  '%s.yaml, written and read again, gives the same',
  name => {
    const slos = load(`${name}.yaml`, readFileSync(join(GOLDEN, `${name}.yaml`), 'utf8'));
    const again = load('written.yaml', writeOpenSlo(slos));
    expect(again.map(comparable)).toEqual(slos.map(comparable));
  },
);

test.each([
  [
    'sloth',
    'version: prometheus/v1\nservice: shop\nslos:\n  - name: orders\n    objective: 99.9\n    sli: { events: { error_query: "sum(rate(e[{{.window}}]))", total_query: "sum(rate(t[{{.window}}]))" } }\n    alerting: { name: Orders }\n',
  ],
  [
    'pyrra',
    'apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: { name: orders }\nspec:\n  target: "99.9"\n  window: 4w\n  indicator: { ratio: { errors: { metric: "e{c=~\\"5..\\"}" }, total: { metric: e }, grouping: [route] } }\n',
  ],
])('%s becomes OpenSLO and keeps its meaning', (file, text) => {
  const slos = load(file, text);
  const kept = (slo: Slo) => {
    const { policy, ...rest } = comparable(slo);
    return { ...rest, alerts: policy.tiers.map(({ budgetShare: _, ...tier }) => tier) };
  };
  expect(load('written.yaml', writeOpenSlo(slos)).map(kept)).toEqual(slos.map(kept));
});

test('what OpenSLO cannot say is refused', () => {
  const slo = sloOf({ sli: { kind: 'gauge', gauge: 'up', op: '==', value: 1 } });
  expect(() => writeOpenSlo([slo])).toThrow(/not-in-openslo/);
});
