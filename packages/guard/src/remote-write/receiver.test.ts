import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds, silentLogger, UserError } from '../core/index.ts';
import type { Appendable } from '../promql/storage.ts';
import type { Store, StoreOptions } from '../tsdb/index.ts';
import { contentOf, EPOCH, openTestStore } from '../tsdb/testing.ts';
import { createWriteReceiver, type WriteOutcome, type WriteReceiver, type WriteVersion } from './index.ts';
import {
  encodeWriteRequest,
  encodeWriteRequestV2,
  STALE_BITS,
  snappyCompress,
  type WrittenRequest,
  type WrittenSeries,
} from './testing.ts';

interface Bench {
  readonly store: Store;
  readonly registry: Registry;
  readonly receiver: WriteReceiver;
  /** Sends series in the message of a version. */
  send(version: WriteVersion, request: WrittenRequest | readonly WrittenSeries[]): Promise<WriteOutcome>;
  content(): ReturnType<typeof contentOf>;
}

const ENCODERS = { 1: encodeWriteRequest, 2: encodeWriteRequestV2 } as const;
const isSeries = (request: object): request is readonly WrittenSeries[] => Array.isArray(request);

function openBench(
  options: Partial<StoreOptions> = {},
  wrap: (store: Store) => Appendable = store => store,
): Bench {
  const registry = new Registry();
  const store = openTestStore({ registry, ...options });
  const receiver = createWriteReceiver({
    appendable: wrap(store),
    clock: createVirtualClock(milliseconds(EPOCH)),
    logger: silentLogger,
    registry,
  });
  return {
    store,
    registry,
    receiver,
    send(version, request) {
      const body = ENCODERS[version](isSeries(request) ? { series: request } : request);
      return receiver.receive(snappyCompress(body), version);
    },
    content: () => contentOf(store),
  };
}

/** A series of one label besides its name, with samples as `[seconds after EPOCH, value]`. */
const series = (name: string, ...samples: Array<readonly [number, number]>): WrittenSeries => ({
  labels: { __name__: name, job: 'test' },
  samples: samples.map(([at, value]) => ({ timestamp: EPOCH + at * 1000, value })),
});
const stored = (name: string) => `${name}{job="test"}`;
const at = (seconds: number) => EPOCH + seconds * 1000;

const written = (samples: number, exemplars = 0) => ({
  type: 'written',
  written: { samples, histograms: 0, exemplars },
});
const partial = (samples: number, message: string | RegExp, exemplars = 0) => ({
  type: 'partial',
  written: { samples, histograms: 0, exemplars },
  message: expect.stringMatching(message),
});
const refused = (message: string | RegExp) => ({ type: 'refused', message: expect.stringMatching(message) });

describe.each([1, 2] as const)('remote write %i.0', version => {
  it('stores samples of known and new series', async () => {
    const { send, content } = openBench();
    expect(await send(version, [series('a', [0, 1], [1, 2]), series('b', [0, 5])])).toEqual(written(3));
    expect(await send(version, [series('a', [2, 3]), series('c', [2, 7])])).toEqual(written(2));
    expect(content()).toEqual({
      [stored('a')]: [
        [at(0), 1],
        [at(1), 2],
        [at(2), 3],
      ],
      [stored('b')]: [[at(0), 5]],
      [stored('c')]: [[at(2), 7]],
    });
  });

  it('takes labels in any order, and drops those without a value', async () => {
    const { send, content } = openBench();
    const labels = [
      ['z', '1'],
      ['empty', ''],
      ['__name__', 'a'],
      ['größe', 'übergroß'],
    ] as const;
    const samples = [{ timestamp: EPOCH, value: 1 }];
    expect(await send(version, [{ labels, samples }])).toEqual(written(1));
    expect(Object.keys(content())).toEqual(['a{größe="übergroß", z="1"}']);
  });

  it('keeps staleness markers apart from other NaNs', async () => {
    const { send, content } = openBench();
    const samples = [
      { timestamp: at(0), value: 0, bits: 0x7ff8000000000001n },
      { timestamp: at(1), value: 0, bits: STALE_BITS },
      { timestamp: at(2), value: 0, bits: 0x7ff0000000000003n },
    ];
    expect(await send(version, [{ labels: { __name__: 'a' }, samples }])).toEqual(written(3));
    expect(content()).toEqual({
      a: [
        [at(0), Number.NaN],
        [at(1), 'stale'],
        [at(2), Number.NaN],
      ],
    });
  });

  it('takes the same sample again', async () => {
    const { send } = openBench();
    await send(version, [series('a', [0, 1])]);
    expect(await send(version, [series('a', [0, 1])])).toEqual(written(1));
  });

  it('says nothing of a sample that its own request has overtaken, and leaves it out', async () => {
    const { send, content } = openBench();
    expect(await send(version, [series('a', [5, 1], [3, 2], [5, 9])])).toEqual(written(3));
    expect(content()).toEqual({ [stored('a')]: [[at(5), 1]] });
    expect(await send(version, [series('a', [9, 1], [4, 2])])).toMatchObject({
      message: expect.stringMatching(/out of order/),
    });
  });

  it('refuses native histograms by name and keeps all else', async () => {
    const { send, content } = openBench();
    const histogram = { timestamp: EPOCH, count: 3, sum: 4.5 };
    const outcome = await send(version, [
      series('a', [0, 1]),
      { labels: { __name__: 'h' }, histograms: [histogram, histogram] },
      series('b', [0, 2]),
    ]);
    expect(outcome).toEqual(partial(2, /native histograms are not supported: 2 refused for series .*"h"/));
    expect(Object.keys(content())).toEqual([stored('a'), stored('b')]);
  });

  it('names the limit on series, and keeps the samples of all others', async () => {
    const { send, content } = openBench({ maxSeries: 2 });
    await send(version, [series('a', [0, 1])]);
    const outcome = await send(version, [
      series('b', [1, 1]),
      series('c', [1, 1]),
      series('d', [1, 1]),
      series('a', [1, 2]),
    ]);
    expect(outcome).toEqual(partial(2, /limit maxSeries\) for series .*"c".*\n.*"d"/));
    expect(Object.keys(content())).toEqual([stored('a'), stored('b')]);
  });

  it('stores exemplars of series that exist', async () => {
    const { send, store } = openBench();
    const exemplar = (seconds: number, id: string) => ({
      labels: { trace_id: id },
      timestamp: at(seconds),
      value: 0.5,
    });
    const outcome = await send(version, [
      { ...series('a', [0, 1]), exemplars: [exemplar(2, 'y'), exemplar(1, 'x'), exemplar(3600, 'future')] },
    ]);
    expect(outcome).toEqual(written(1, 2));
    const [found] = store.exemplars([[]], at(0), at(9999));
    expect(found!.exemplars.map(({ labels }) => labels.get('trace_id'))).toEqual(['x', 'y']);
  });

  it('asks the sender to come again when the disk refuses', async () => {
    const { send } = openBench({}, store => ({
      appender: () => ({
        ...store.appender(),
        commit() {
          throw new UserError('store-read-only', 'no space');
        },
      }),
    }));
    expect(await send(version, [series('a', [0, 1])])).toEqual({ type: 'failed', message: 'no space' });
  });

  it('takes a request with nothing in it', async () => {
    const { send } = openBench();
    expect(await send(version, [])).toEqual(written(0));
  });

  it('refuses a body that is damaged, and keeps nothing of it', async () => {
    const { receiver, content } = openBench();
    const body = ENCODERS[version]({ series: [series('a', [0, 1]), series('b', [0, 1])] });
    const cut = snappyCompress(body.subarray(0, body.length - 3));
    expect(await receiver.receive(cut, version)).toEqual(refused(/unexpected EOF/));
    expect(await receiver.receive(Buffer.from('no snappy'), version)).toMatchObject({ type: 'corrupt' });
    expect(content()).toEqual({});
  });
});

describe('remote write 1.0', () => {
  it.each([
    ['out of order', [-1, 1], /^out of order sample$/],
    [
      'a duplicate with another value',
      [0, 2],
      /^duplicate sample for timestamp 17\d+; overrides not allowed/,
    ],
    ['older than the store keeps', [-86_400 * 31, 1], /^out of bounds$/],
    ['too far ahead', [3600, 1], /^out of bounds: timestamp is too far in the future$/],
  ] as const)('keeps nothing of a request with a sample that is %s', async (_what, sample, message) => {
    const { send, content } = openBench();
    await send(1, [series('a', [0, 1])]);
    expect(await send(1, [series('b', [0, 1]), series('a', sample), series('c', [0, 1])])).toEqual(
      refused(message),
    );
    expect(Object.keys(content())).toEqual([stored('a')]);
  });

  it('passes over series whose labels are not valid, and counts them', async () => {
    const { send, content, registry } = openBench();
    const samples = [{ timestamp: EPOCH, value: 1 }];
    const outcome = await send(1, [
      { labels: { job: 'nameless' }, samples },
      { labels: { __name__: '' }, samples },
      { labels: { __name__: 'a', '': 'x' }, samples },
      {
        labels: [
          ['__name__', 'a'],
          ['x', '1'],
          ['x', '2'],
        ],
        samples,
      },
      series('b', [0, 1]),
    ]);
    expect(outcome).toEqual(written(1));
    expect(Object.keys(content())).toEqual([stored('b')]);
    expect(await registry.metrics()).toContain('prometheus_api_remote_write_invalid_labels_samples_total 4');
  });

  it('passes over metadata', async () => {
    const { send } = openBench();
    expect(await send(1, { metadata: { a: { type: 'counter', help: 'All.', unit: 's' } } })).toEqual(
      written(0),
    );
  });

  it('reads labels that are scattered behind samples', async () => {
    const { receiver, content } = openBench();
    const label = (name: string, value: string) => {
      const pair = Buffer.from([
        0x0a,
        name.length,
        ...Buffer.from(name),
        0x12,
        value.length,
        ...Buffer.from(value),
      ]);
      return Buffer.concat([Buffer.from([0x0a, pair.length]), pair]);
    };
    const sample = Buffer.from(
      encodeWriteRequest({ series: [{ labels: {}, samples: [{ timestamp: EPOCH, value: 4 }] }] }),
    ).subarray(2);
    const one = Buffer.concat([label('__name__', 'a'), sample, label('z', '1')]);
    const body = Buffer.concat([Buffer.from([0x0a, one.length]), one]);
    expect(await receiver.receive(snappyCompress(body), 1)).toEqual(written(1));
    expect(content()).toEqual({ 'a{z="1"}': [[EPOCH, 4]] });
  });

  it('refuses values of labels that are no UTF-8', async () => {
    const { receiver, content } = openBench();
    const body = Buffer.from(encodeWriteRequest({ series: [series('a', [0, 1])] }));
    body[body.indexOf('test')] = 0xff;
    expect(await receiver.receive(snappyCompress(body), 1)).toEqual(written(0));
    expect(content()).toEqual({});
  });
});

describe('remote write 2.0', () => {
  it('keeps what can be stored, and tells the rest with its reasons', async () => {
    const { send, content } = openBench();
    await send(2, [series('a', [0, 1]), series('b', [0, 1])]);
    const samples = [{ timestamp: EPOCH, value: 1 }];
    const outcome = await send(2, [
      series('a', [-1, 1], [1, 2], [3600, 3]),
      series('b', [0, 2]),
      { labels: { job: 'nameless' }, samples },
      {
        labels: [
          ['__name__', 'c'],
          ['x', '1'],
          ['x', '2'],
        ],
        samples,
      },
      { labels: { __name__: 'empty' } },
      series('d', [1, 4]),
    ]);
    expect(outcome).toEqual(partial(2, ''));
    expect((outcome as { message: string }).message.split('\n')).toEqual([
      'out of order sample for series {__name__="a", job="test"}',
      'out of bounds: timestamp is too far in the future for series {__name__="a", job="test"}',
      `duplicate sample for timestamp ${EPOCH}; overrides not allowed: new value 2 for series {__name__="b", job="test"}`,
      'invalid metric name or labels, got {job="nameless"}',
      'invalid labels for series, labels {__name__="c", x="1", x="2"}, duplicated label x',
      'TimeSeries must contain at least one sample or histogram for series {__name__="empty"}',
    ]);
    expect(content()).toEqual({
      [stored('a')]: [
        [at(0), 1],
        [at(1), 2],
      ],
      [stored('b')]: [[at(0), 1]],
      [stored('d')]: [[at(1), 4]],
    });
  });

  it('tells of exemplars that are out of order', async () => {
    const { send } = openBench();
    const exemplars = [{ labels: { id: 'x' }, timestamp: at(5), value: 1 }];
    await send(2, [{ ...series('a', [0, 1]), exemplars }]);
    const older = [{ ...exemplars[0]!, timestamp: at(4) }];
    expect(await send(2, [{ ...series('a', [1, 1]), exemplars: older }])).toEqual(
      partial(1, /^out of order exemplar for series {__name__="a", job="test"}$/),
    );
  });

  it('knows a series by its labels, whatever its references are in a request', async () => {
    const { send, content } = openBench();
    await send(2, [series('a', [0, 1]), series('b', [0, 2])]);
    await send(2, [series('b', [1, 3]), series('a', [1, 4])]);
    expect(content()).toEqual({
      [stored('a')]: [
        [at(0), 1],
        [at(1), 4],
      ],
      [stored('b')]: [
        [at(0), 2],
        [at(1), 3],
      ],
    });
  });

  it.each([
    ['labels', '0a0301021d', /parsing labels for series \[1 2 29\]: invalid labelRefs length 3/],
    [
      'labels',
      '0a020163',
      /parsing labels for series \[1 99\]: labelRefs 1 \(name\) = 99 \(value\) outside of symbols table \(size 3\)/,
    ],
    ['metadata', '0a0201022a021863', /parsing metadata for series \[1 2\]: metadata help_ref 99 outside/],
    ['metadata', '0a0201022a022063', /parsing metadata for series \[1 2\]: metadata unit_ref 99 outside/],
    [
      'an exemplar',
      '0a020102120210012203' + '0a0101',
      /parsing exemplar for series .*: invalid labelRefs length 1/,
    ],
  ])('tells of references in %s that lead nowhere: %s', async (_what, hex, message) => {
    const { receiver } = openBench({ clock: createVirtualClock(milliseconds(0)), retention: 1e12 });
    const symbols = Buffer.from('220022085f5f6e616d655f5f220161', 'hex');
    const one = Buffer.from(hex, 'hex');
    const body = Buffer.concat([symbols, Buffer.from([0x2a, one.length]), one]);
    expect(await receiver.receive(snappyCompress(body), 2)).toMatchObject({
      type: 'partial',
      message: expect.stringMatching(message),
    });
  });

  it('counts samples without metadata', async () => {
    const { send, registry } = openBench();
    await send(2, [series('a', [0, 1]), { ...series('b', [0, 1]), metadata: { type: 'counter' } }]);
    expect(await registry.metrics()).toContain(
      'prometheus_api_remote_write_without_metadata_appended_samples_total 1',
    );
  });
});

describe('requests at the same time', () => {
  it('share a commit, and one that is refused takes nothing of the others with it', async () => {
    let commits = 0;
    const { send, content } = openBench({}, store => ({
      appender() {
        const appender = store.appender();
        return {
          ...appender,
          commit() {
            commits++;
            appender.commit();
          },
        };
      },
    }));
    await send(1, [series('a', [5, 1])]);
    commits = 0;
    const outcomes = await Promise.all([
      send(1, [series('b', [0, 1])]),
      send(1, [series('c', [0, 1])]),
      send(1, [series('d', [0, 1]), series('a', [4, 1])]),
      send(2, [series('e', [0, 1])]),
      send(1, [series('b', [1, 2])]),
    ]);
    expect(outcomes.map(({ type }) => type)).toEqual(['written', 'written', 'refused', 'written', 'written']);
    expect(Object.keys(content())).toEqual(['a', 'b', 'c', 'e'].map(stored));
    expect(content()[stored('b')]).toHaveLength(2);
    expect(commits).toBe(2);
  });
});

describe('a large request', () => {
  const many = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => ({
      labels: { __name__: `m${i % 1000}` },
      samples: [{ timestamp: EPOCH + from + Math.floor(i / 1000), value: i }],
    }));

  it.each([1, 2] as const)(
    'of version %i is stored in parts, and others get their turn in between',
    async version => {
      const { send, store } = openBench();
      const request = many(80_000);
      let turns = 0;
      let isDone = false;
      const count = () => {
        turns++;
        if (!isDone) setImmediate(count);
      };
      setImmediate(count);
      expect(await send(version, request)).toEqual(written(80_000));
      isDone = true;
      expect(turns).toBeGreaterThan(8);
      expect(store.statistics()).toMatchObject({ series: 1000, samples: 80_000 });
    },
  );

  it('that is damaged at its end leaves nothing', async () => {
    const { receiver, store } = openBench();
    const body = encodeWriteRequest({ series: many(80_000) });
    const cut = snappyCompress(body.subarray(0, body.length - 1));
    expect(await receiver.receive(cut, 1)).toEqual(refused(/unexpected EOF/));
    expect(store.statistics().samples).toBe(0);
  });

  it('of version 1 that is refused late keeps its earlier parts', async () => {
    const { send, store } = openBench();
    await send(1, [series('a', [0, 1])]);
    expect(await send(1, [...many(80_000), series('a', [-1, 1])])).toMatchObject({
      type: 'partial',
      message: 'out of order sample',
    });
    expect(store.statistics().samples).toBeGreaterThan(40_000);
  });
});
