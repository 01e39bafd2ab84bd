import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

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
});
