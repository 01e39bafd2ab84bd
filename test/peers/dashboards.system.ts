import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../../packages/guard/src/config/index.ts';
import { dashboardFiles } from '../../packages/guard/src/generate/grafana.ts';
import { generateRules } from '../../packages/guard/src/generate/index.ts';
import { loadSloFiles } from '../../packages/guard/src/slo/index.ts';
import { createBench, type SeriesLabels } from '../generate/bench.ts';
import { DEMO_SECONDS, DEMO_STEP_SECONDS, runDemo } from '../generate/demo-traffic.ts';
import { eventually } from '../story/support.ts';
import { ask, comparable, get, type Json } from './api/case.ts';
import { ENGINE_NAMES, type EngineProcess, startEngine } from './support/engine-process.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) =>
  readdirSync(join(root, path)).map(name => readTextFile(join(root, path, name)));

const model = loadSloFiles(read('slos'));
const DASHBOARDS: readonly (readonly [name: string, text: string])[] = [
  ...read('deploy/grafana/dashboards').map(({ file, text }) => [file.slice(root.length + 1), text] as const),
  ...dashboardFiles(model),
];

interface Target {
  readonly expr: string;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
}

/** Every query of a dashboard by its panel's title, its variables filled in. */
function targetsOf(text: string): (readonly [title: string, expr: string, target: Target])[] {
  const { panels } = JSON.parse(text) as { panels: { title: string; targets?: Target[] }[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(target => {
      const expr = target.expr.replaceAll('$service', 'service_a').replaceAll('$slo', 'availability');
      return [title, expr, target] as const;
    }),
  );
}

/** In the past, and the end within the lookback, so that both engines have the same samples and keep them. */
const END = Math.floor(Date.now() / 60_000) * 60;
const START = END - DEMO_SECONDS;

const quoted = (labels: SeriesLabels) =>
  Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join();

/**
 * What the services exposed and what the rules recorded of it, with the times: one scrape brings all. Counters of
 * requests and buckets carry the exemplars that the services give them.
 */
async function demoExposition(): Promise<string> {
  const bench = createBench(generateRules(model, { interval: 15_000, periodInterval: 15_000 }));
  const families = new Map<string, string[]>();
  await runDemo(bench, START, time => {
    for (const { labels, value } of bench.all(time)) {
      const name = labels.__name__!;
      const isTraced = /_(requests_total|bucket)$/.test(name) && time > START;
      const exemplar = isTraced ? ` # {trace_id="${time.toString(16)}"} 0.2 ${time - 1}` : '';
      const lines = families.get(name) ?? [];
      lines.push(`${name}{${quoted(labels)}} ${value} ${time}${exemplar}`);
      families.set(name, lines);
    }
  });
  const typed = [...families].map(([name, lines]) => {
    const type = name.endsWith('_total') ? [`# TYPE ${name.slice(0, -'_total'.length)} counter`] : [];
    return [...type, ...lines].join('\n');
  });
  return [...typed, '# EOF', ''].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-dashboards-'));
const engines: EngineProcess[] = [];
let exposition = '';
const service = createServer((_request, response) => {
  response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  response.end(exposition);
});

beforeAll(async () => {
  exposition = await demoExposition();
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve));
  const config = `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: demo
    honor_labels: true
    static_configs: [{ targets: ['127.0.0.1:${(service.address() as AddressInfo).port}'] }]
`;
  for (const name of ENGINE_NAMES)
    engines.push(await startEngine(name, { folder: join(folder, name), config }));
  for (const { name, address } of engines) {
    await eventually(`the samples in ${name}`, 60, async () => {
      const { body } = comparable(
        await ask(address, get('query', { query: 'up', time: String(Date.now() / 1000) }).request),
        undefined,
      );
      return (body as Json).data.result.length > 0 || undefined;
    });
  }
});

afterAll(async () => {
  await Promise.all(engines.map(engine => engine.stop()));
  service.close();
  rmSync(folder, { recursive: true, force: true });
});

const RANGE = { start: String(START), end: String(END) };

/** The answer of both to what Grafana asks, which must agree. */
async function agreed(endpoint: string, params: Readonly<Record<string, string>>): Promise<Json> {
  const { request } = get(endpoint, params);
  const [theirs, ours] = await Promise.all(
    engines.map(async ({ address }) => comparable(await ask(address, request), undefined)),
  );
  expect(ours).toEqual(theirs);
  expect(theirs!.status).toBe(200);
  return (theirs!.body as Json).data;
}

describe.each(DASHBOARDS)('every query of %s', (_name, text) => {
  const targets = targetsOf(text);

  it.each(targets)('%s: %s gives the same on both, and something', async (_title, query, { instant }) => {
    const data = instant
      ? await agreed('query', { query, time: RANGE.end })
      : await agreed('query_range', { query, ...RANGE, step: String(DEMO_STEP_SECONDS) });
    expect(data.result.length).toBeGreaterThan(0);
  });

  const traced = targets.filter(([, , { exemplar }]) => exemplar);
  // Of a histogram only the buckets carry exemplars (OpenMetrics 1.0, "Exemplars"): a panel of the latency objective,
  // which asks for the count, has none to show in either engine.
  for (const [title, query] of traced) {
    const has = !/_count\{/.test(query);
    it(`${title}: ${query} has ${has ? 'the same' : 'no'} exemplars in both`, async () => {
      const data = await agreed('query_exemplars', { query, ...RANGE });
      expect(data.length > 0).toBe(has);
    });
  }
});
