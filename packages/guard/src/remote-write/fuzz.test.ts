import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import { contentOf, EPOCH, openTestStore } from '../tsdb/testing.ts';
import { createWriteReceiver } from './index.ts';
import { encodeWriteRequest, encodeWriteRequestV2, snappyCompress, type WrittenSeries } from './testing.ts';

const ENCODERS = { 1: encodeWriteRequest, 2: encodeWriteRequestV2 } as const;

function openReceiver() {
  const store = openTestStore();
  const receiver = createWriteReceiver({
    appendable: store,
    clock: createVirtualClock(milliseconds(EPOCH)),
    logger: silentLogger,
    registry: new Registry(),
  });
  return { store, receiver };
}

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const sample = (at: number) => fc.double().map(value => ({ timestamp: EPOCH + at, value }));
const samples = fc.nat(3).chain(count => fc.tuple(...Array.from({ length: count }, (_, i) => sample(i))));
const exemplar = fc.record({
  labels: fc.dictionary(name, text),
  timestamp: fc.constant(EPOCH),
  value: fc.double(),
});
const series = fc.record({
  labels: fc
    .tuple(name, fc.dictionary(name, text, { maxKeys: 3 }))
    .map(([metric, labels]) => ({ ...labels, __name__: metric })),
  samples,
  exemplars: fc.array(exemplar, { maxLength: 1 }),
  histograms: fc.array(fc.constant({ timestamp: EPOCH, count: 1, sum: 2 }), { maxLength: 1 }),
});
/** Series with labels that differ. */
const manySeries = fc.uniqueArray(series, {
  selector: ({ labels }) => Labels.of(labels).key,
  maxLength: 5,
});

const expected = (sent: readonly WrittenSeries[]) =>
  Object.fromEntries(
    sent
      .filter(({ samples: own = [] }) => own.length > 0)
      .map(({ labels, samples: own = [] }) => [
        String(Labels.of(labels as Record<string, string>)),
        own.map(({ timestamp, value }) => [timestamp, value]),
      ]),
  );

describe.each([1, 2] as const)('remote write %i.0', version => {
  it('stores what was encoded, whatever the names, values and labels', async () => {
    await fc.assert(
      fc.asyncProperty(manySeries, async sent => {
        const { store, receiver } = openReceiver();
        await receiver.receive(snappyCompress(ENCODERS[version]({ series: sent })), version);
        expect(contentOf(store)).toEqual(expected(sent));
      }),
      { numRuns: 200, seed: 21 },
    );
  });

  const damaged = fc
    .tuple(manySeries, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(4))
    .map(([sent, changes, cut]) => {
      const body = Buffer.from(ENCODERS[version]({ series: sent }));
      for (const [place, byte] of changes) if (body.length > 0) body[place % body.length] = byte;
      return body.subarray(0, body.length - cut);
    });

  it('answers damaged messages and any bytes, and is never at fault itself', async () => {
    const { receiver } = openReceiver();
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 100 })), async bytes => {
        const compressed = await receiver.receive(snappyCompress(bytes), version);
        expect(compressed.type).toMatch(/^(written|partial|refused)$/);
        const raw = await receiver.receive(Buffer.from(bytes), version);
        expect(raw.type).not.toBe('failed');
      }),
      { numRuns: 1000, seed: 22 },
    );
  });
});

describe('a small body that would become a huge list', () => {
  /** A field of the first number, or another, whose content is given so many times over. */
  const field = (tag: number, content: Buffer) => {
    const length: number[] = [];
    let rest = content.length;
    for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
    return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
  };
  const times = (hex: string, count: number) => Buffer.alloc((hex.length / 2) * count, hex, 'hex');
  const MANY = 1_000_000;

  it.each([
    ['labels', 1, field(0x0a, times('0a00', MANY)), 'refused', /limit maxLabels/],
    ['exemplars', 1, field(0x0a, times('1a00', MANY)), 'refused', /limit maxExemplars/],
    ['references', 2, field(0x2a, field(0x0a, times('01', MANY))), 'refused', /limit maxLabels/],
    ['symbols', 2, times('2200', 5 * MANY), 'refused', /limit maxSymbols/],
    ['series', 1, times('0a00', MANY), 'written', undefined],
    ['series', 2, Buffer.concat([times('2200', 1), times('2a00', MANY)]), 'partial', /and 999900 more/],
    ['samples', 1, field(0x0a, times('1200', MANY)), 'written', undefined],
    ['histograms', 1, field(0x0a, times('2200', MANY)), 'written', undefined],
    ['metadata', 1, times('1a00', MANY), 'written', undefined],
  ] as const)('of %s in version %i is bounded', async (_what, version, body, type, message) => {
    const { receiver } = openReceiver();
    const compressed = snappyCompress(body);
    expect(compressed.length).toBeLessThan(body.length / 10);
    const outcome = await receiver.receive(compressed, version);
    expect(outcome.type).toBe(type);
    if (message) expect('message' in outcome && outcome.message).toMatch(message);
  });
});
