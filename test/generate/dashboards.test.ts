import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../../packages/guard/src/config/index.ts';
import { dashboardFiles, dashboardJson } from '../../packages/guard/src/generate/grafana.ts';
import { generateRules } from '../../packages/guard/src/generate/index.ts';
import { loadSloFiles } from '../../packages/guard/src/slo/index.ts';
import { type Bench, createBench } from './bench.ts';
import { DEMO_SECONDS, runDemo } from './demo-traffic.ts';

const folder = join(import.meta.dirname, '../../slos');
const model = loadSloFiles(readdirSync(folder).map(name => readTextFile(join(folder, name))));

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly expr: string;
    readonly exemplar?: boolean;
    readonly refId: string;
  }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
}

const DASHBOARDS: readonly (readonly [name: string, dashboard: Dashboard])[] = [
  ['the demo', JSON.parse(dashboardJson(model))],
  ...[...dashboardFiles(model)].map(([name, text]) => [name, JSON.parse(text)] as const),
];

let bench: Bench;
beforeAll(async () => {
  bench = createBench(generateRules(model, { interval: 15_000, periodInterval: 15_000 }));
  await runDemo(bench);
});

describe.each(DASHBOARDS)('the dashboard of %s', (_, dashboard) => {
  it('asks nothing that does not parse or has no data on those of the demo', () => {
    const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => [title, expr] as const),
    );
    expect(queries.length).toBeGreaterThan(2);
    for (const [title, expr] of queries) {
      const filled = expr.replaceAll('$service', 'service_a').replaceAll('$slo', 'latency');
      expect([title, expr, Object.keys(bench.ask(filled, DEMO_SECONDS)).length]).not.toEqual([
        title,
        expr,
        0,
      ]);
    }
  });

  it('has panels that lie within the grid and do not overlap', () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          const cell = `${x}:${y}`;
          expect([title, cell, cells.has(cell)]).toEqual([title, cell, false]);
          cells.add(cell);
        }
      }
    }
  });

  it('names each query of a panel by a letter of its own, and a datasource that is there', () => {
    for (const { title, type, targets = [], datasource } of dashboard.panels) {
      expect([title, new Set(targets.map(({ refId }) => refId)).size]).toEqual([title, targets.length]);
      if (type !== 'row') expect(['prometheus', '${' + 'datasource}']).toContain(datasource?.uid);
    }
  });
});

describe('the dashboard of the demo', () => {
  it('shows for each SLO requests with exemplars, error ratio, burn rates with thresholds, alerts and budget', () => {
    const { panels } = DASHBOARDS[0]![1];
    const titles = panels.filter(({ type }) => type !== 'row').map(({ title }) => title);
    const each = [
      'Requests',
      'Error ratio',
      'Burn rate',
      'Alerts',
      'Budget: left, and share of its window seen',
    ];
    expect(titles).toEqual(model.slos.flatMap(() => each));
    for (const { title, targets = [] } of panels)
      if (title === 'Requests') expect(targets.some(({ exemplar }) => exemplar)).toBe(true);
  });
});
