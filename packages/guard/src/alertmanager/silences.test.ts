import { describe, expect, it } from 'vitest';
import { createSilences, type PostableSilence, type SilenceLimits, type StoredSilence } from './silences.ts';

const matcher = { name: 'a', value: 'b', isRegex: false, isEqual: true };
const posted = (over: Partial<PostableSilence> = {}): PostableSilence => ({
  matchers: [matcher],
  startsAt: 0,
  endsAt: 1_000_000,
  createdBy: 'me',
  comment: 'c',
  ...over,
});

function start({ limits, diskRefuses = false }: { limits?: SilenceLimits; diskRefuses?: boolean } = {}) {
  const saved = new Map<string, StoredSilence>();
  const time = { now: 10_000 };
  let made = 0;
  const silences = createSilences([], {
    now: () => time.now,
    createId: () => `id-${++made}`,
    save(silence) {
      if (!diskRefuses) saved.set(silence.id, silence);
      return !diskRefuses;
    },
    ...(limits && { limits }),
  });
  return { silences, saved, time };
}

describe('silences', () => {
  it('are listed by state, then the active by end, the pending by start, the expired latest first', () => {
    const { silences, time } = start();
    const spans = [
      [0, 900_000],
      [0, 800_000],
      [500_000, 600_000],
      [400_000, 700_000],
      [0, 11_000],
      [0, 12_000],
    ] as const;
    for (const [startsAt, endsAt] of spans) silences.set(posted({ startsAt, endsAt }));
    time.now = 20_000;
    expect(silences.list().map(({ id }) => id)).toEqual(['id-2', 'id-1', 'id-4', 'id-3', 'id-6', 'id-5']);
  });

  it('that would start later than allowed keep their start, those of the past start now', () => {
    const { silences } = start();
    expect(silences.get(silences.set(posted()))!.startsAt).toBe(10_000);
    expect(silences.get(silences.set(posted({ startsAt: 50_000 })))!.startsAt).toBe(50_000);
  });

  it('that are pending move in place, but not into the past', () => {
    const { silences } = start();
    const id = silences.set(posted({ startsAt: 50_000 }));
    expect(silences.set(posted({ id, startsAt: 60_000 }))).toBe(id);
    expect(silences.set(posted({ id, startsAt: 5_000 }))).toBe('id-2');
    expect(silences.get(id)).toMatchObject({ startsAt: 10_000, endsAt: 10_000 });
  });

  it.each([
    [{ matchers: [] }, 'invalid silence: matcher set 0 is empty'],
    [
      { matchers: [{ ...matcher, name: '' }] },
      'invalid silence: invalid label matcher 0 in set 0: invalid label name ""',
    ],
    [
      { matchers: [matcher, { ...matcher, value: '(', isRegex: true }] },
      'invalid silence: invalid label matcher 1 in set 0: invalid regular expression "(": error parsing regexp: missing closing ): `(`',
    ],
    [
      { matchers: [{ ...matcher, value: '.*', isRegex: true }] },
      'invalid silence: matcher set 0: at least one matcher must not match the empty string',
    ],
    [{ startsAt: 5, endsAt: 4 }, 'invalid silence: end time must not be before start time'],
  ] as const)('of %j are refused in the words of Alertmanager', (over, message) => {
    expect(() => start().silences.set(posted(over))).toThrow(message);
  });

  it('are refused beyond the limits, which the error names', () => {
    const { silences } = start({ limits: { maxSilences: 1, maxBytes: 300 } });
    expect(() => silences.set(posted({ comment: 'x'.repeat(300) }))).toThrow(
      /exceeded maximum size: \d+ bytes \(limit: 300 bytes\)/,
    );
    const id = silences.set(posted());
    expect(() => silences.set(posted())).toThrow('exceeded maximum number of silences: 1 (limit: 1)');
    expect(silences.set(posted({ id, startsAt: 10_000, comment: 'changed' }))).toBe(id);
  });

  it('know no limits where these are 0', () => {
    const { silences } = start({ limits: { maxSilences: 0, maxBytes: 0 } });
    const ids = Array.from({ length: 3 }, () => silences.set(posted({ comment: 'x'.repeat(100_000) })));
    expect(silences.list().map(({ id }) => id)).toEqual(ids);
  });

  it('that the disk refuses hold all the same, and say so', () => {
    const { silences } = start({ diskRefuses: true });
    expect(() => silences.set(posted())).toThrow(/silence-not-durable/);
    expect(silences.list()).toHaveLength(1);
    expect(() => silences.expire('id-1')).toThrow(/silence-not-durable/);
    expect(silences.stateOf(silences.get('id-1')!)).toBe('expired');
  });
});
