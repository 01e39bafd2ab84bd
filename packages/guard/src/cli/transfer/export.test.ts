import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../tsdb/index.ts';
import { EPOCH, labels, openTestStore } from '../../tsdb/testing.ts';
import type { StaleMarkers } from '../choices.ts';
import { fakePrometheus } from './fake-prometheus.testing.ts';
import { writeOutput } from './output.ts';
import { createPrometheusSource } from './prometheus-source.ts';
import type { SampleSource } from './sample-source.ts';
import { selectorsOf } from './selectors.ts';
import { createStoreSource } from './store-source.ts';
import { type ExportCounts, writeExport } from './write-export.ts';

const EVER = { start: 0, end: EPOCH + 1e9 };

/** A store with the samples, each given as series, seconds after the epoch, value. */
function storeWith(
  ...samples: [name: string, rest: Record<string, string>, at: number, value: number | 'stale'][]
): Store {
  const store = openTestStore();
  const appender = store.appender();
  for (const [name, rest, at, value] of samples) {
    if (value === 'stale') appender.appendStale(labels(name, rest), EPOCH + at * 1000);
    else appender.append(labels(name, rest), EPOCH + at * 1000, value);
  }
  appender.commit();
  return store;
}

async function textOf(source: SampleSource, staleMarkers: StaleMarkers = 'omit') {
  const counts: ExportCounts = { series: 0, samples: 0, staleMarkers: 0 };
  let text = '';
  for await (const piece of writeExport(source, counts, { staleMarkers })) text += piece;
  return { text, counts, notes: source.notes() };
}

const fromStore = (store: Store, match: string[] = [], bounds = EVER) =>
  createStoreSource(store, selectorsOf(match), bounds);
const fromServer = (store: Store, match: string[] = [], metadata = {}, samplesPerQuery = 100) =>
  createPrometheusSource(fakePrometheus(store, metadata), selectorsOf(match), EVER, samplesPerQuery);

const UP = storeWith(
  ['up', { job: 'b' }, -60, 1],
  ['up', { job: 'b' }, -45, 0.5],
  ['up', { job: 'a' }, -60, Number.NaN],
  ['up', { job: 'a' }, -45, 'stale'],
  ['down', {}, -60, 1e6],
  ['down', { Zone: 'before the name' }, -60, 2],
);

const UP_TEXT = `down{Zone="before the name"} 2 1767225540.000
down{} 1e+06 1767225540.000
up{job="a"} NaN 1767225540.000
up{job="b"} 1 1767225540.000
up{job="b"} 0.5 1767225555.000
# EOF
`;

describe('an export', () => {
  it.each([
    ['a store', fromStore],
    ['a server', fromServer],
  ])('of %s is series by series, each in order of time', async (_, open) => {
    const { text, counts } = await textOf(open(UP));
    expect(text).toBe(UP_TEXT);
    expect(counts).toMatchObject({ series: 4, samples: 5 });
  });

  it.each([
    ['a store', fromStore],
    ['a server', fromServer],
  ])('of %s has every series once that one of the selectors matches', async (_, open) => {
    const { text } = await textOf(open(UP, ['up{job="b"}', '{__name__=~"u.*",job=~"b|c"}', 'nothing']));
    expect(text).toBe('up{job="b"} 1 1767225540.000\nup{job="b"} 0.5 1767225555.000\n# EOF\n');
  });

  it('counts staleness markers that it leaves out, or writes them as promtool does', async () => {
    expect((await textOf(fromStore(UP, ['up']))).counts.staleMarkers).toBe(1);
    const { text, counts } = await textOf(fromStore(UP, ['up{job="a"}']), 'nan');
    expect(text).toBe('up{job="a"} NaN 1767225540.000\nup{job="a"} NaN 1767225555.000\n# EOF\n');
    expect(counts).toMatchObject({ samples: 2, staleMarkers: 0 });
  });

  it('keeps to its bounds, which are inclusive', async () => {
    const at = EPOCH - 45_000;
    expect((await textOf(fromStore(UP, ['up{job="b"}'], { start: at, end: at }))).text).toBe(
      'up{job="b"} 0.5 1767225555.000\n# EOF\n',
    );
  });

  it('asks a server for no more samples at once than it was told, and loses none', async () => {
    const many = storeWith(
      ...Array.from(
        { length: 1000 },
        (_, i) => ['x', {}, i - 2000, i] as [string, Record<string, string>, number, number],
      ),
      ...Array.from(
        { length: 300 },
        (_, i) =>
          ['x', { only: 'this' }, i * 3 - 2000, i] as [string, Record<string, string>, number, number],
      ),
    );
    const server = fakePrometheus(many);
    const source = createPrometheusSource(server, selectorsOf([]), EVER, 100);
    expect((await textOf(source)).text).toBe((await textOf(fromStore(many))).text);
    expect(Math.max(...server.answered)).toBeLessThanOrEqual(100);
    expect(server.answered.length).toBeLessThan(40);
  });

  it('says how many series have no name, which OpenMetrics cannot write', async () => {
    const store = storeWith(['', { job: 'a' }, -60, 1]);
    for (const source of [fromStore(store, ['{job="a"}']), fromServer(store, ['{job="a"}'])]) {
      expect(await textOf(source)).toMatchObject({
        text: '# EOF\n',
        notes: ['1 series without a metric name cannot be written in OpenMetrics'],
      });
    }
  });

  it.each(['rate(x[5m])', 'x offset 5m', 'x[5m]', '1'])('refuses %j as a selector', text => {
    expect(() => selectorsOf([text])).toThrow(/--match: .* is not a selector/);
  });
});

describe('metadata in an export', () => {
  const family = async (metadata: Record<string, object>, ...names: string[]) => {
    const store = storeWith(
      ...names.map(name => [name, { le: '1.0' }, -60, 1] as [string, Record<string, string>, number, number]),
    );
    const known = Object.fromEntries(Object.entries(metadata).map(([name, entry]) => [name, [entry]]));
    return (await textOf(fromServer(store, [], known))).text
      .replaceAll(/\{.*$/gm, '')
      .split('\n')
      .slice(0, -2);
  };

  it('stands before the metrics of its family, which are together', async () => {
    const metadata = {
      a: { type: 'histogram', help: 'H.', unit: '' },
      a1: { type: 'gauge', help: '', unit: '' },
      b_seconds_total: { type: 'counter', help: '', unit: 'seconds' },
    };
    expect(await family(metadata, 'a_sum', 'a_bucket', 'a1', 'a_count', 'b_seconds_total', 'c')).toEqual([
      '# TYPE a1 gauge',
      'a1',
      '# TYPE a histogram',
      '# HELP a H.',
      'a_bucket',
      'a_count',
      'a_sum',
      '# TYPE b_seconds counter',
      '# UNIT b_seconds seconds',
      'b_seconds_total',
      'c',
    ]);
  });

  it('knows counters by the name of their family as well', async () => {
    expect(await family({ b: { type: 'counter' } }, 'b_total')).toEqual(['# TYPE b counter', 'b_total']);
  });

  it('leaves out a type under which a reader would rename the buckets, and a unit that the name lacks', async () => {
    const store = storeWith(['a_bucket', { le: '1' }, -60, 1]);
    expect((await textOf(fromServer(store, [], { a: [{ type: 'histogram' }] }))).text).toMatch(/^a_bucket/);
    expect(await family({ g: { type: 'gauge', unit: 'bytes' } }, 'g')).toEqual(['# TYPE g gauge', 'g']);
  });
});

describe('the output of an export', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const signal = new AbortController().signal;

  it('is a file that is compressed when its name says so', async () => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    await writeOutput(Readable.from(['a\n', 'b\n']), join(folder, 'x.om.gz'), signal);
    expect(gunzipSync(readFileSync(join(folder, 'x.om.gz'))).toString()).toBe('a\nb\n');
    expect(readdirSync(folder)).toEqual(['x.om.gz']);
  });

  it('leaves nothing behind when reading fails', async () => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    async function* failing() {
      yield 'a\n';
      throw new Error('lost');
    }
    await expect(writeOutput(failing(), join(folder, 'x.om'), signal)).rejects.toThrow('lost');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names a file that cannot be written', async () => {
    await expect(writeOutput((async function* () {})(), '/nowhere/x.om', signal)).rejects.toThrow(
      'unwritable-file',
    );
  });
});
