import { describe, expect, it } from 'vitest';
import { chance } from './decide.ts';
import { createFailmodeFault, failmodeSchema } from './failmode.ts';
import { createTestClock } from './testing-clock.ts';

const setting = (fields: object) => failmodeSchema.parse(fields);
const failures = (fault: ReturnType<typeof createFailmodeFault>, requests: number) =>
  Array.from({ length: requests }, () => fault.next().fail);

describe('decisions', () => {
  it('depend on seed, id and ordinal alone, and spread evenly', () => {
    expect(chance('s', 'failmode', 7)).toBe(chance('s', 'failmode', 7));
    expect(chance('s', 'failmode', 7)).not.toBe(chance('t', 'failmode', 7));
    const below = Array.from({ length: 20_000 }, (_, ordinal) => chance('s', 'x', ordinal)).filter(
      c => c < 0.1,
    );
    expect(below.length / 20_000).toBeCloseTo(0.1, 2);
  });

  it('give the same failures in a second run', () => {
    const run = (seed: string) => {
      const fault = createFailmodeFault({ seed, clock: createTestClock() });
      fault.set(setting({ mode: 'error', error_rate: 0.3 }));
      return failures(fault, 200);
    };
    expect(run('a')).toEqual(run('a'));
    expect(run('a')).not.toEqual(run('b'));
  });
});

describe('failure modes', () => {
  it.each([
    ['none', { delayMs: 0, fail: false }],
    ['error', { delayMs: 0, fail: true }],
    ['latency', { delayMs: 300, fail: false }],
    ['mixed', { delayMs: 300, fail: true }],
  ])('%s does to a request what it says', (mode, expected) => {
    const fault = createFailmodeFault({ clock: createTestClock() });
    fault.set(setting({ mode }));
    expect(fault.next()).toEqual(expected);
  });

  it('never fail at rate 0 and always at rate 1', () => {
    const fault = createFailmodeFault({ clock: createTestClock() });
    fault.set(setting({ mode: 'error', error_rate: 0 }));
    expect(failures(fault, 500)).not.toContain(true);
    fault.set(setting({ mode: 'error', error_rate: 1 }));
    expect(failures(fault, 500)).not.toContain(false);
  });

  it('end by their lease though nobody comes back, and say so once', () => {
    const clock = createTestClock(0);
    const ended: string[] = [];
    const fault = createFailmodeFault({ clock, onLeaseEnd: ({ mode }) => ended.push(mode) });
    fault.set(setting({ mode: 'error', lease_seconds: 5 }));
    expect(fault.state()).toEqual({
      mode: 'error',
      error_rate: 1,
      latency_ms: 300,
      lease_seconds: 5,
      ends_at: '1970-01-01T00:00:05.000Z',
    });
    clock.advance(4999);
    expect(fault.next().fail).toBe(true);
    clock.advance(1);
    expect(fault.state()).toMatchObject({ mode: 'none', ends_at: null });
    expect(fault.next().fail).toBe(false);
    expect(ended).toEqual(['error']);
  });

  it('a later setting replaces the lease of the earlier one', () => {
    const clock = createTestClock();
    const fault = createFailmodeFault({ clock });
    fault.set(setting({ mode: 'error', lease_seconds: 5 }));
    fault.set(setting({ mode: 'latency', lease_seconds: 60 }));
    clock.advance(30_000);
    expect(fault.state().mode).toBe('latency');
  });
});
