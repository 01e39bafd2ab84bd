import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, METRIC_NAME, milliseconds, silentLogger } from '../../core/index.ts';
import { createWriteReceiver } from '../../remote-write/index.ts';
import type { Store } from '../../tsdb/index.ts';
import { contentOf, EPOCH, openTestStore } from '../../tsdb/testing.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { fakePrometheus } from './fake-prometheus.testing.ts';
import { emptyReport, importLine, refusalLines } from './import-report.ts';
import { type ImportOptions, importSamples } from './import-samples.ts';
import type { ImportSink } from './import-sink.ts';
import { createPrometheusSource } from './prometheus-source.ts';
import { createRemoteWriteSink } from './remote-write-sink.ts';
import { selectorsOf } from './selectors.ts';
import { createStoreSink } from './store-sink.ts';
import { createStoreSource } from './store-source.ts';
import { writeExport } from './write-export.ts';

const clock = createVirtualClock(milliseconds(EPOCH));
const EVER = { start: 0, end: EPOCH + 1e9 };
const DAY = 86_400_000;

/** Any Prometheus over the store, as far as importing and exporting ask it. */
function serverOver(store: Store, send?: PrometheusClient['send']): PrometheusClient {
  const receiver = createWriteReceiver({
    appendable: store,
    clock,
    logger: silentLogger,
    registry: new Registry(),
  });
  return {
    ...fakePrometheus(store),
    send:
      send ??
      (async (_, body) => {
        const outcome = await receiver.receive(Buffer.from(body), 2);
        const written = 'written' in outcome ? outcome.written.samples : 0;
        const status = { written: 204, partial: 400, refused: 400, corrupt: 400, failed: 500 }[outcome.type];
        const headers = { 'x-prometheus-remote-write-samples-written': String(written) };
        return { status, headers, text: 'message' in outcome ? outcome.message : '' };
      }),
  };
}

const SINKS: [name: string, open: (store: Store) => ImportSink][] = [
  ['a store', store => createStoreSink(store, clock)],
  ['a server', store => createRemoteWriteSink(serverOver(store), clock)],
];

async function importText(text: string, sink: ImportSink, options: Partial<ImportOptions> = {}) {
  const report = emptyReport();
  async function* bytes() {
    yield Buffer.from(text);
  }
  const input = { name: 'x.om', bytes: bytes(), share: () => undefined };
  await importSamples(
    input,
    sink,
    report,
    { exemplars: 0 },
    {
      format: 'openmetrics',
      retention: 30 * DAY,
      skipRefused: false,
      clock,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...options,
    },
  );
  return report;
}

async function exportOf(source: ReturnType<typeof createStoreSource>): Promise<string> {
  let text = '';
  for await (const piece of writeExport(
    source,
    { series: 0, samples: 0, staleMarkers: 0 },
    { staleMarkers: 'omit' },
  ))
    text += piece;
  return text;
}

/** Lines of samples, each as series, seconds after the epoch, value. */
const textOf = (...samples: [series: string, at: number, value: number | string][]) =>
  `${samples.map(([series, at, value]) => `${series} ${value} ${EPOCH / 1000 + at}\n`).join('')}# EOF\n`;

describe.each(SINKS)('importing into %s', (_, open) => {
  it('stores every sample', async () => {
    const store = openTestStore();
    const report = await importText(
      textOf(['a', -60, 1], ['a', -45, 2], ['b{x="y"}', -60, 'NaN']),
      open(store),
    );
    expect(contentOf(store)).toEqual({
      a: [
        [EPOCH - 60_000, 1],
        [EPOCH - 45_000, 2],
      ],
      'b{x="y"}': [[EPOCH - 60_000, Number.NaN]],
    });
    expect(importLine(report, false)).toBe('3 samples of 2 series imported');
    expect(refusalLines(report)).toEqual([]);
  });

  it('counts what is refused by reason, and names the first with their lines', async () => {
    const store = openTestStore();
    await importText(textOf(['a', -60, 1], ['a', -45, 2], ['a', -30, 3]), open(store));
    const late = textOf(['a', -60, 1], ['a', -50, 5], ['a', -40, 7], ['b', -60, 1], ['a', -20, 4]);
    const report = await importText(late, open(store));
    expect(report).toMatchObject({ imported: 2, present: 1, refused: 2 });
    expect(refusalLines(report).join('\n')).toMatch(
      /^2 samples were refused:\n {2}2 {2}out of order.*\nthe first of them:\n {2}x\.om:2-3: 2 samples of a: out of order/,
    );
  });

  it('finds nothing wrong when it is made again', async () => {
    const store = openTestStore();
    const text = textOf(['a', -60, 1], ['a', -45, 2], ['b', -60, 'NaN'], ['b', -30, 1]);
    await importText(text, open(store));
    const again = await importText(text, open(store));
    expect(again.refused).toBe(0);
    expect(again.imported + again.present).toBe(4);
    expect(Object.values(contentOf(store)).flat()).toHaveLength(4);
  });

  it('ends before anything is stored when the samples are older than the retention', async () => {
    const store = openTestStore();
    const text = textOf(['a', -31 * 86_400, 1], ['a', -60, 2]);
    await expect(importText(text, open(store))).rejects.toThrow(
      /^x\.om:1:1: the sample of a from 2025-12-01T00:00:00\.000Z is older than the retention of 30d \[older-than-retention\]\n.*--storage\.tsdb\.retention\.time 32d/,
    );
    expect(contentOf(store)).toEqual({});
    const report = await importText(text, open(store), { skipRefused: true });
    expect(report).toMatchObject({ imported: 1, refused: 1 });
  });

  it('refuses what is too far in the future', async () => {
    const report = await importText(textOf(['a', 3600, 1]), open(openTestStore()));
    expect([...report.reasons.keys()].join()).toMatch(/too far in the future/);
  });

  it('keeps what came before a malformed line', async () => {
    const store = openTestStore();
    const lines = Array.from({ length: 12_000 }, (_, i) => `a ${i} ${EPOCH / 1000 - 20_000 + i}\n`).join('');
    await expect(importText(`${lines}oh no\n# EOF\n`, open(store))).rejects.toThrow('x.om:12001:4');
    expect(Object.values(contentOf(store)).flat().length % 10_000).toBe(0);
  });
});

describe('importing into a store', () => {
  it('brings history below what series have, and what is missing in their midst', async () => {
    const store = openTestStore();
    await importText(textOf(['a', -60, 4], ['a', -15, 7]), createStoreSink(store, clock));
    const history = textOf(['a', -120, 0], ['a', -105, 1], ['a', -45, 5], ['a', -30, 6]);
    expect(await importText(history, createStoreSink(store, clock))).toMatchObject({
      imported: 4,
      refused: 0,
    });
    expect(contentOf(store).a!.map(([, value]) => value)).toEqual([0, 1, 4, 5, 6, 7]);
  });
});

describe('importing what was exported', () => {
  const text = fc
    .string({ minLength: 1, unit: 'binary', maxLength: 8 })
    .filter(value => value.isWellFormed());
  const series = fc
    .tuple(text, fc.dictionary(text, text, { maxKeys: 3 }))
    .map(([name, rest]) => Labels.of([...Object.entries(rest), [METRIC_NAME, name]]));
  const samples = fc.dictionary(fc.integer({ min: 0, max: 1e6 }).map(String), fc.double(), { maxKeys: 20 });
  const content = fc.array(fc.tuple(series, samples), { maxLength: 6 });

  function storeWith(all: readonly (readonly [Labels, Record<string, number>])[]): Store {
    const store = openTestStore();
    const appender = store.appender();
    for (const [labels, values] of all) {
      for (const at of Object.keys(values)
        .map(Number)
        .sort((a, b) => a - b))
        appender.append(labels, EPOCH - at, values[at]!);
      for (const at of Object.keys(values)
        .map(Number)
        .sort((a, b) => b - a))
        appender.append(labels, EPOCH - at, values[at]!);
    }
    appender.commit();
    return store;
  }

  it('gives the same samples, from stores and from servers', async () => {
    await fc.assert(
      fc.asyncProperty(content, async all => {
        const original = storeWith(all);
        const expected = contentOf(original);
        const direct = openTestStore();
        const exported = await exportOf(createStoreSource(original, selectorsOf([]), EVER));
        await importText(exported, createStoreSink(direct, clock));
        expect(contentOf(direct)).toEqual(expected);
        const remote = openTestStore();
        const server = createPrometheusSource(fakePrometheus(direct), selectorsOf([]), EVER, 7);
        const again = await exportOf(server);
        expect(again).toBe(exported);
        await importText(again, createRemoteWriteSink(serverOver(remote), clock));
        expect(contentOf(remote)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a receiver of remote write', () => {
  const SAMPLE = textOf(['a', -60, 1]);
  const sinkOf = (send: PrometheusClient['send']) =>
    createRemoteWriteSink(serverOver(openTestStore(), send), createVirtualClock(milliseconds(EPOCH)));
  const answering =
    (status: number, text = '', headers = {}) =>
    async () => ({ status, text, headers });

  it.each([
    ['refuses the content type', 415],
    ['takes the request for an empty one', 204],
  ])('of version 1, which %s, is sent version 1', async (_, status) => {
    const versions: (string | undefined)[] = [];
    const sink = sinkOf(async (_, __, headers) => {
      const version = headers['x-prometheus-remote-write-version'];
      versions.push(version);
      return { status: version === '2.0.0' ? status : 204, text: '', headers: {} };
    });
    expect(await importText(SAMPLE, sink)).toMatchObject({ imported: 1, refused: 0 });
    await importText(SAMPLE, sink);
    expect(versions).toEqual(['2.0.0', '0.1.0', '0.1.0']);
  });

  it('that refuses a whole request has all its samples counted with its reason', async () => {
    const report = await importText(SAMPLE, sinkOf(answering(400, 'no room for tenant\nmore')));
    expect(report).toMatchObject({ imported: 0, refused: 1 });
    expect([...report.reasons]).toEqual([['no room for tenant', 1]]);
  });

  it.each([
    [404, 'no-remote-write', '--web.enable-remote-write-receiver'],
    [401, 'prometheus-denied', 'SLO_GUARD_BEARER_TOKEN'],
  ])('that is none answers %s, and the error says what to do', async (status, code, remedy) => {
    const pending = importText(SAMPLE, sinkOf(answering(status, 'sorry')));
    await expect(pending).rejects.toThrow(code);
    await expect(importText(SAMPLE, sinkOf(answering(status, 'sorry')))).rejects.toThrow(remedy);
  });

  it('that is busy is asked again, and not for ever', async () => {
    const time = createVirtualClock(milliseconds(EPOCH));
    let attempts = 0;
    const send = async () => ({
      status: ++attempts < 3 ? 503 : 204,
      text: 'busy',
      headers: { 'x-prometheus-remote-write-samples-written': '1' },
    });
    const pending = importText(SAMPLE, createRemoteWriteSink(serverOver(openTestStore(), send), time));
    await time.advance(60_000);
    expect(await pending).toMatchObject({ imported: 1 });
    const lost = importText(
      SAMPLE,
      createRemoteWriteSink(serverOver(openTestStore(), answering(500, 'disk full')), time),
    );
    const refusal = expect(lost).rejects.toThrow(
      /answers 500, and did so 5 times before: disk full \[remote-write-failed\]/,
    );
    await time.advance(60_000);
    await refusal;
  });
});
