import { expect, it } from 'vitest';
import type { RouterAlert } from './answers.ts';
import { withOthers } from './other-alerts.ts';

const NOW = Date.UTC(2026, 0, 1);
const alert = (fingerprint: string, receiver: string, minutes: number): RouterAlert => ({
  fingerprint,
  startsAt: new Date(NOW - minutes * 60_000).toISOString(),
  labels: {},
  receivers: [{ name: receiver }],
  status: { silencedBy: [], inhibitedBy: [] },
});
const own = alert('own', 'team', 0);
const judge = (before: RouterAlert[], now: RouterAlert[]) =>
  withOthers(
    { kind: 'arrived', reason: 'counted' },
    { before, now: [own, ...now], wanted: ['team'], own, at: NOW },
  );

it('is an arrival where nobody else could have been told', () => {
  expect(judge([], [])).toEqual({ kind: 'arrived', reason: 'counted' });
  const elsewhere = alert('x', 'other', 0);
  expect(judge([], [elsewhere])).toEqual({ kind: 'arrived', reason: 'counted' });
});

it('is one beside alerts that have fired for long, and says so', () => {
  const steady = alert('x', 'team', 11);
  expect(judge([steady], [steady])).toEqual({
    kind: 'arrived',
    reason: 'counted, unless it repeated one of 1 others',
  });
});

it('is doubted where another alert began or ended', () => {
  const steady = alert('x', 'team', 11);
  const recent = alert('x', 'team', 9);
  for (const [before, now] of [
    [[], [steady]],
    [[recent], [recent]],
    [[steady], []],
  ] as const)
    expect(judge([...before], [...now])).toEqual({
      kind: 'unknown',
      reason: 'counted, which may be of another alert: 1 began or ended lately',
    });
});
