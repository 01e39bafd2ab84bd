import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type EngineProcess, startEngine } from '../peers/support/engine-process.ts';
import { eventually, getJson } from '../story/support.ts';
import { type AssembledStack, assemble } from './assemble.ts';
import { SWAPS } from './matrix.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const GUARD = join(root, 'packages/guard/bin/slo-guard.js');

interface Panel {
  readonly title: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly expr?: string; readonly datasource?: { readonly uid: string } }[];
  readonly panels?: readonly Panel[];
}

const dashboards = globSync(join(root, 'deploy/grafana/dashboards/*.json')).sort();
const panelsOf = (panels: readonly Panel[]): Panel[] =>
  panels.flatMap(panel => [panel, ...panelsOf(panel.panels ?? [])]);
const panels = dashboards.flatMap(file =>
  panelsOf((JSON.parse(readFileSync(file, 'utf8')) as { panels: Panel[] }).panels).map(panel => ({
    file: basename(file),
    ...panel,
  })),
);
const queries = panels.flatMap(({ file, title, targets = [] }) =>
  targets.flatMap(({ expr }) => (expr === undefined ? [] : [{ file, title, expr }])),
);

/** How far back the panels look, and how often. */
const SPAN_SECONDS = 60;
const STEP_SECONDS = 5;

describe('the dashboards that Grafana is given', () => {
  it('name data sources that are provisioned', () => {
    const { datasources } = parse(
      readFileSync(join(root, 'deploy/grafana/provisioning/datasources/datasources.yaml'), 'utf8'),
    ) as { datasources: { uid: string; type: string }[] };
    expect(datasources.map(({ type }) => type).sort()).toEqual(['alertmanager', 'jaeger', 'prometheus']);
    const known = datasources.map(({ uid }) => uid);
    const named = panels.flatMap(({ datasource, targets = [] }) => [
      ...(datasource ? [datasource.uid] : []),
      ...targets.flatMap(target => (target.datasource ? [target.datasource.uid] : [])),
    ]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(uid => !known.includes(uid))).toEqual([]);
  });

  it('open the trace of an exemplar in Jaeger', () => {
    const text = readFileSync(join(root, 'deploy/grafana/provisioning/datasources/datasources.yaml'), 'utf8');
    const { datasources } = parse(text) as {
      datasources: {
        uid: string;
        type: string;
        jsonData?: { exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[] };
      }[];
    };
    const jaeger = datasources.find(({ type }) => type === 'jaeger')!;
    const prometheus = datasources.find(({ type }) => type === 'prometheus')!;
    expect(prometheus.jsonData?.exemplarTraceIdDestinations).toEqual([
      expect.objectContaining({ name: 'trace_id', datasourceUid: jaeger.uid }),
    ]);
  });

  describe('asked of the real Prometheus and of ours on its samples', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slo-guard-dashboards-'));
    let stack: AssembledStack;
    let ours: EngineProcess;
    let end: number;

    beforeAll(async () => {
      stack = await assemble(SWAPS.find(({ name }) => name === 'real Prometheus, embedded router')!, folder);
      await traffic(stack, 10, 'none');
      await traffic(stack, 25, 'error');
      await eventually('an alert', 60, async () => {
        await traffic(stack, 1, 'error');
        const { data } = await getJson<{ data: { result: unknown[] } }>(
          stack.url('prometheus', '/api/v1/query?query=ALERTS'),
        );
        return data.result.length > 0 || undefined;
      });
      // The rules over the whole period are evaluated once a minute.
      await eventually('a budget', 90, async () => {
        await traffic(stack, 2, 'error');
        const query = encodeURIComponent('slo:error_budget_remaining:ratio');
        const { data } = await getJson<{ data: { result: unknown[] } }>(
          stack.url('prometheus', `/api/v1/query?query=${query}`),
        );
        return data.result.length >= 4 || undefined;
      });
      const copy = join(folder, 'copy');
      mkdirSync(copy);
      end = Math.floor(Date.now() / 1000) - 1;
      const dump = join(folder, 'samples.om');
      await run(process.execPath, [GUARD, 'export', '--url', stack.url('prometheus'), '-o', dump]);
      await run(process.execPath, [GUARD, 'import', '--data-dir', join(copy, 'data'), dump]);
      ours = await startEngine('slo-guard', { folder: copy });
    }, 300_000);
    afterAll(async () => {
      await ours?.stop();
      await stack?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('have queries', () => expect(queries.length).toBeGreaterThan(20));

    it.each(queries)('$file, $title: $expr', async ({ expr }) => {
      const parameters = new URLSearchParams({
        query: expr,
        start: String(end - SPAN_SECONDS),
        end: String(end),
        step: String(STEP_SECONDS),
      });
      const [theirs, own] = await Promise.all(
        [stack.url('prometheus'), `http://${ours.address}`].map(url =>
          getJson<{ data: { result: unknown[] } }>(`${url}/api/v1/query_range?${parameters}`),
        ),
      );
      expect(theirs!.data.result).not.toEqual([]);
      expect(own!.data).toEqual(theirs!.data);
    });
  });
});

/** Ten requests a second through the gateway. */
async function traffic(stack: AssembledStack, seconds: number, mode: 'none' | 'error'): Promise<void> {
  await fetch(stack.url('service_b', '/admin/failmode'), { method: 'POST', body: JSON.stringify({ mode }) });
  for (let i = 0; i < seconds * 10; i++) {
    await Promise.all([fetch(stack.url('service_a', '/work')).then(answer => answer.text()), sleep(100)]);
  }
}
