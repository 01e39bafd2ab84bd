import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../packages/guard/src/core/index.ts';
import {
  encodeWriteRequest,
  encodeWriteRequestV2,
  STALE_BITS,
  snappyCompress,
  WRITE_HEADERS,
  type WrittenExemplar,
  type WrittenLabels,
  type WrittenRequest,
  type WrittenSeries,
} from '../../packages/guard/src/remote-write/testing.ts';
import { type EngineProcess, startEngine } from './support/engine-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-remote-write-'));
const engines: EngineProcess[] = [];
/** The last full minute: both refuse what is far from their clocks. */
const BASE = Math.floor(Date.now() / 60_000) * 60_000;
/** The other engine takes what is no more than an hour older than its newest sample; so does ours, kept short. */
const OLDEST_SECONDS = 1800 + 3600;
const at = (seconds: number) => BASE - 1_800_000 + seconds * 1000;

beforeAll(async () => {
  engines.push(await startEngine('prometheus', { folder: join(folder, 'theirs') }));
  engines.push(
    await startEngine('slo-guard', {
      folder: join(folder, 'ours'),
      flags: ['--web.enable-remote-write-receiver', `--storage.tsdb.retention.time=${OLDEST_SECONDS}s`],
    }),
  );
});
afterAll(async () => {
  for (const engine of engines) await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The reasons of decoders and the value that a duplicate has in the store are each engine's own. */
const comparable = (body: string) =>
  body
    .replace(/(overrides not allowed: ).*?(?= for series|\n|$)/g, '$1…')
    .replace(/^(?=.*(proto|snappy|s2|EOF|field|wire|tag|overflow)).*\n$/is, '(not decodable)\n');

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly written: ReadonlyArray<string | null>;
}

async function postTo(
  { address }: EngineProcess,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<Answered> {
  const response = await fetch(`http://${address}/api/v1/write`, { method: 'POST', body, headers });
  return {
    status: response.status,
    body: comparable(await response.text()),
    written: ['samples', 'histograms', 'exemplars'].map(kind =>
      response.headers.get(`x-prometheus-remote-write-${kind}-written`),
    ),
  };
}

/** Sends the same to both; gives the answer that they must agree on. */
async function answer(body: Uint8Array, headers: Record<string, string>): Promise<Answered> {
  const [theirs, ours] = await Promise.all(engines.map(engine => postTo(engine, body, headers)));
  expect(ours).toEqual(theirs);
  return theirs!;
}

const ENCODERS = { 1: encodeWriteRequest, 2: encodeWriteRequestV2 } as const;
type Version = keyof typeof ENCODERS;

const send = (version: Version, request: WrittenRequest) =>
  answer(snappyCompress(ENCODERS[version](request)), WRITE_HEADERS[version]);

/** All that an engine has, by series. */
async function contentOf({ address }: EngineProcess): Promise<Record<string, unknown>> {
  const query = encodeURIComponent('{__name__=~".+"}[2h]');
  const url = `http://${address}/api/v1/query?query=${query}&time=${BASE / 1000 + 900}`;
  const { data } = (await (await fetch(url)).json()) as {
    data: { result: Array<{ metric: Record<string, string>; values: unknown }> };
  };
  return Object.fromEntries(
    data.result.map(({ metric, values }) => [JSON.stringify(Object.entries(metric).sort()), values]),
  );
}

async function exemplarsOf({ address }: EngineProcess): Promise<unknown> {
  const query = encodeURIComponent('{__name__=~".+"}');
  const range = `start=${at(0) / 1000 - 3600}&end=${BASE / 1000 + 3600}`;
  const response = await fetch(`http://${address}/api/v1/query_exemplars?query=${query}&${range}`);
  return ((await response.json()) as { data: unknown }).data;
}

async function expectSameContent(): Promise<Record<string, unknown>> {
  const [theirs, ours] = await Promise.all(engines.map(contentOf));
  expect(ours).toEqual(theirs);
  const [theirExemplars, ourExemplars] = await Promise.all(engines.map(exemplarsOf));
  expect(ourExemplars).toEqual(theirExemplars);
  return theirs!;
}

/** Samples as `[seconds, value]`; a value given as bits is a NaN. */
const series = (
  labels: WrittenLabels,
  ...samples: Array<readonly [number, number | bigint]>
): WrittenSeries => ({
  labels,
  samples: samples.map(([seconds, value]) =>
    typeof value === 'bigint'
      ? { timestamp: at(seconds), value: 0, bits: value }
      : { timestamp: at(seconds), value },
  ),
});
const named = (name: string, ...samples: Array<readonly [number, number | bigint]>) =>
  series({ __name__: name, job: 'x' }, ...samples);
const exemplar = (
  seconds: number,
  value: number,
  labels: WrittenLabels = { id: `${seconds}` },
): WrittenExemplar => ({
  labels,
  timestamp: at(seconds),
  value,
});

/** Requests by what they try; each begins with the version's name in its metrics, so that none meets another's. */
const CASES: ReadonlyArray<readonly [what: string, requests: (m: string) => readonly WrittenSeries[][]]> = [
  ['new and known series', m => [[named(m, [0, 1], [1, 2])], [named(m, [2, 3]), named(`${m}_b`, [2, 4])]]],
  ['nothing', () => [[]]],
  ['special values', m => [[named(m, [0, Infinity], [1, -Infinity], [2, -0], [3, 5e-324], [4, 2 ** 60])]]],
  [
    'staleness and other NaNs',
    m => [[named(m, [0, 1], [1, STALE_BITS], [2, 0x7ff8000000000001n], [3, 0x7ff00000000000bdn])]],
  ],
  ['a sample twice', m => [[named(m, [0, 1])], [named(m, [0, 1])], [named(m, [0, 1], [0, 1])]]],
  [
    'an instant twice with other values',
    m => [[named(m, [0, 1])], [named(m, [0, 2]), named(`${m}_b`, [0, 1])]],
  ],
  ['a marker over a value', m => [[named(m, [0, 1])], [named(m, [0, STALE_BITS])]]],
  [
    'samples out of order',
    m => [[named(m, [5, 1])], [named(`${m}_b`, [0, 1]), named(m, [4, 1]), named(`${m}_c`, [0, 1])]],
  ],
  [
    'order within a request',
    m => [[named(m, [5, 1], [3, 2], [6, 3], [6, 4])], [named(m, [9, 1], [8, 1]), named(m, [7, 5], [10, 6])]],
  ],
  ['order within a request that is old at its end', m => [[named(m, [5, 1])], [named(m, [9, 1], [4, 1])]]],
  ['samples too far ahead', m => [[named(m, [0, 1])], [named(m, [1, 1], [1800 + 3600, 2], [2, 3])]]],
  [
    'timestamps beyond all bounds',
    m => [[{ labels: { __name__: m }, samples: [{ timestamp: 2 ** 62, value: 1 }] }]],
  ],
  [
    'unsorted labels',
    m => [
      [
        series(
          [
            ['z', '1'],
            ['__name__', m],
            ['a', '2'],
          ],
          [0, 1],
        ),
      ],
      [
        series(
          [
            ['a', '2'],
            ['z', '1'],
            ['__name__', m],
          ],
          [1, 2],
        ),
      ],
    ],
  ],
  [
    'empty label values',
    m => [
      [
        series(
          [
            ['__name__', m],
            ['a', ''],
            ['b', '1'],
          ],
          [0, 1],
        ),
        series({ __name__: m, b: '1' }, [1, 2]),
      ],
    ],
  ],
  [
    'labels twice',
    m => [
      [
        series(
          [
            ['__name__', m],
            ['a', '1'],
            ['a', '2'],
          ],
          [0, 1],
        ),
        named(`${m}_b`, [0, 1]),
      ],
      [
        series(
          [
            ['__name__', m],
            ['a', '1'],
            ['a', '1'],
          ],
          [0, 1],
        ),
      ],
    ],
  ],
  [
    'no metric name',
    () => [
      [series({ job: 'nameless' }, [0, 1])],
      [series({ __name__: '', job: 'x' }, [0, 1])],
      [series([], [0, 1])],
    ],
  ],
  ['an empty label name', m => [[series({ __name__: m, '': 'x' }, [0, 1])]]],
  [
    'names and values of any text',
    m => [
      [series({ __name__: `${m} größe.ü`, 'a.b c': '✓ "quoted"\n\\' }, [0, 1])],
      [series({ __name__: m, 'a.b': 'x', job: '' }, [5, 1])],
      [series({ __name__: m, 'a.b': 'x' }, [4, 1])],
    ],
  ],
  ['a series without samples', m => [[{ labels: { __name__: m } }, named(`${m}_b`, [0, 1])]]],
  [
    'exemplars',
    m => [
      [{ ...named(m, [0, 1]), exemplars: [exemplar(2, 1), exemplar(1, 2)] }],
      [{ ...named(m, [1, 1]), exemplars: [exemplar(2, 1)] }],
      [{ ...named(m, [2, 1]), exemplars: [exemplar(1, 1), exemplar(3, 3)] }],
      [{ ...named(m, [3, 1]), exemplars: [exemplar(3, 1), exemplar(3, 4)] }],
      [
        {
          ...named(m, [4, 1]),
          exemplars: [
            exemplar(1800 + 3600, 9),
            exemplar(5, 5, { id: 'ü'.repeat(127) }),
            exemplar(6, 6, { id: 'x'.repeat(120) }),
          ],
        },
      ],
      [
        {
          ...named(m, [5, 1]),
          exemplars: [
            exemplar(7, 1, [
              ['a', '1'],
              ['a', '2'],
            ]),
            exemplar(8, 1, [
              ['b', '1'],
              ['a', ''],
            ]),
          ],
        },
      ],
    ],
  ],
  [
    'exemplars of a series that is refused',
    m => [
      [named(m, [5, 1])],
      [{ ...named(m, [4, 1]), exemplars: [exemplar(1, 1)] }],
      [{ ...named(`${m}_b`, [1800 + 3600, 1]), exemplars: [exemplar(1, 1)] }],
      [{ labels: { __name__: m, job: 'x' }, exemplars: [exemplar(9, 1)] }],
    ],
  ],
  [
    'start timestamps',
    m => [[{ labels: { __name__: m }, samples: [{ timestamp: at(5), value: 3, startTimestamp: at(1) }] }]],
  ],
  ['metadata', m => [[{ ...named(m, [0, 1]), metadata: { type: 'counter', help: 'All.', unit: 's' } }]]],
];

describe.each([1, 2] as const)('version %i.0', version => {
  it.each(CASES)('answers %s as Prometheus does', async (what, requests) => {
    const metric = `v${version}_${what.replace(/\W/g, '_')}`;
    for (const one of requests(metric)) await send(version, { series: one });
  });
});

describe('bodies', () => {
  const request = { series: [named('bodies', [0, 1])] };
  const body = snappyCompress(encodeWriteRequest(request));
  /** A sample as a field of a series, the same in both versions. */
  const sample = encodeWriteRequest({ series: [series([], [0, 1])] }).subarray(2);
  const type = (value: string) => ({ 'content-type': value, 'content-encoding': 'snappy' });

  it.each([
    ['no headers', {}],
    ['no encoding', { 'content-type': 'application/x-protobuf' }],
    ['another encoding', { ...type('application/x-protobuf'), 'content-encoding': 'gzip' }],
    ['the name of the message', type('application/x-protobuf;proto=prometheus.WriteRequest')],
    ['the name of an unknown message', type('application/x-protobuf;proto=prometheus.Other')],
    ['another parameter', type('application/x-protobuf;charset=utf-8')],
    ['a parameter without a value', type('application/x-protobuf;proto')],
    ['a blank before a parameter', type('application/x-protobuf; proto=io.prometheus.write.v2.Request')],
    ['another content type', type('text/plain')],
    ['a content type in capitals', type('APPLICATION/X-PROTOBUF')],
  ])('with %s are answered alike', async (_what, headers) => {
    const { status } = await answer(body, headers as Record<string, string>);
    expect([204, 415]).toContain(status);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['nothing compressed', Buffer.from([0])],
    ['what is not compressed', Buffer.from(encodeWriteRequest(request))],
    ['half of it', body.subarray(0, body.length / 2)],
    ['a declared size of four gigabytes', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0])],
    ['a declared size of 32 MiB and a byte', Buffer.from([0x81, 0x80, 0x80, 0x10, 0])],
    ['no protobuf', snappyCompress(Buffer.from('no protobuf at all'))],
    ['the other version', snappyCompress(encodeWriteRequestV2(request))],
  ])('of %s are answered alike', async (_what, bytes) => {
    for (const headers of Object.values(WRITE_HEADERS)) await answer(bytes, headers);
  });

  it.each([
    ['labels of odd number', '0a0301021d'],
    ['labels beyond the table', '0a020163'],
    ['help beyond the table', '0a0201022a021863'],
    ['unit beyond the table', '0a0201022a022063'],
    ['unpacked labels', '08010802'],
    ['labels in two fields', '0a01010a0102'],
  ])('with references of %s are answered alike', async (_what, hex) => {
    const symbols = Buffer.from('220022085f5f6e616d655f5f220161', 'hex');
    const one = Buffer.concat([Buffer.from(hex, 'hex'), sample]);
    const bytes = Buffer.concat([symbols, Buffer.from([0x2a, one.length]), one]);
    await answer(snappyCompress(bytes), WRITE_HEADERS[2]);
  });

  it('without any symbols are answered alike', async () => {
    const bytes = Buffer.concat([Buffer.from([0x2a, sample.length]), sample]);
    await answer(snappyCompress(bytes), WRITE_HEADERS[2]);
  });

  /** In 6,000 requests a version, one packed list that ran beyond its own end was read on there and refused here. */
  const changeable = (name: string): WrittenSeries => ({
    ...series({ __name__: `${name}_b`, code: '200' }, [0, 1], [1, 7]),
    exemplars: [exemplar(0, 1)],
    metadata: { type: 'gauge', help: 'Help.' },
  });

  it.each([1, 2] as const)(
    'of version %i with a few bytes changed are taken or refused alike',
    async version => {
      const rng = createRng(20_261_124 + version);
      const statuses = new Set<number>();
      for (let run = 0; run < 300; run++) {
        const name = `changed_${version}_${run}`;
        const bytes = Buffer.from(ENCODERS[version]({ series: [named(name, [0, 1]), changeable(name)] }));
        for (let i = 0; i < 1 + rng.integer(3); i++) bytes[rng.integer(bytes.length)] = rng.integer(256);
        const compressed = snappyCompress(bytes);
        const [theirs, ours] = await Promise.all(
          engines.map(engine => postTo(engine, compressed, WRITE_HEADERS[version])),
        );
        // A body that is both damaged and unfit for the store has two reasons to be refused.
        expect({ ...ours!, body: '' }, bytes.toString('hex')).toEqual({ ...theirs!, body: '' });
        statuses.add(theirs!.status);
      }
      expect([...statuses].sort()).toEqual([204, 400]);
    },
  );
});

it('both have the same samples and exemplars in the end', async () => {
  expect(Object.keys(await expectSameContent()).length).toBeGreaterThan(50);
});

it('other methods are answered alike', async () => {
  const statuses = engines.map(({ address }) => fetch(`http://${address}/api/v1/write`));
  const [theirs, ours] = await Promise.all(statuses);
  expect([ours!.status, await ours!.text()]).toEqual([theirs!.status, await theirs!.text()]);
});
