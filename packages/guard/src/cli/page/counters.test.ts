import { describe, expect, it } from 'vitest';
import { type Count, judgeCounts, readCounts } from './counters.ts';

const count = (
  integration: string,
  receiver: string | undefined,
  sent = 0,
  rest: Partial<Count> = {},
): Count => ({
  integration,
  ...(receiver !== undefined && { receiver }),
  sent,
  failedAttempts: 0,
  failed: 0,
  ...rest,
});
const KINDS = new Map([
  ['team', new Set(['webhook'])],
  ['other', new Set(['webhook', 'slack'])],
  ['mail', new Set(['email'])],
  ['nobody', new Set<string>()],
]);
const judge = (before: Count[], now: Count[], wanted = ['team']) =>
  judgeCounts({ before, now, kinds: KINDS, wanted });

describe('the counters of an Alertmanager', () => {
  it('are read by receiver where it tells them apart', () => {
    const text = `# HELP alertmanager_notification_requests_total x
alertmanager_notification_requests_total{integration="webhook",receiver_name="a \\"b\\""} 5
alertmanager_notification_requests_failed_total{integration="webhook",receiver_name="a \\"b\\""} 2
alertmanager_notifications_failed_total{integration="webhook",receiver_name="a \\"b\\"",reason="other"} 1
alertmanager_notifications_failed_total{integration="webhook",receiver_name="a \\"b\\"",reason="serverError"} 1e+00
alertmanager_notification_requests_total{integration="email"} 1
alertmanager_notifications_total{integration="email"} 9
`;
    expect(readCounts(text)).toEqual([
      { integration: 'webhook', receiver: 'a "b"', sent: 3, failedAttempts: 2, failed: 2 },
      { integration: 'email', sent: 1, failedAttempts: 0, failed: 0 },
    ]);
  });

  it('tell of a receiver that they name', () => {
    const before = [count('webhook', 'team'), count('webhook', 'other')];
    expect(judge(before, [count('webhook', 'team', 1), count('webhook', 'other')])).toEqual({
      kind: 'arrived',
      reason: 'the router counts a notification to team since',
    });
    expect(judge(before, [count('webhook', 'team'), count('webhook', 'other', 1)]).kind).toBe('waiting');
    expect(judge(before, [count('webhook', 'team', 0, { failed: 1 }), before[1]!])).toEqual({
      kind: 'failed',
      reason: 'the router counts a notification to team that failed',
    });
    expect(judge(before, [count('webhook', 'team', 0, { failedAttempts: 2 })]).reason).toBe(
      'the router counts 2 failed attempts to notify team',
    );
  });

  it('tell nothing where another receiver has the same kind', () => {
    const before = [count('webhook', undefined, 7), count('email', undefined)];
    expect(judge(before, [count('webhook', undefined, 8), count('email', undefined)])).toEqual({
      kind: 'unknown',
      reason: expect.stringMatching(/since, to team or other: start it with .*receiver-name-in-metrics/),
    });
    expect(judge(before, [count('webhook', undefined, 8), count('email', undefined)], ['mail']).kind).toBe(
      'waiting',
    );
    expect(judge(before, [count('webhook', undefined, 7), count('email', undefined, 1)], ['mail']).kind).toBe(
      'arrived',
    );
    expect(judge(before, [count('webhook', undefined, 8)], ['team', 'other']).kind).toBe('arrived');
    expect(judge(before, [count('webhook', undefined, 7, { failed: 1 })]).kind).toBe('unknown');
  });

  it('are not waited for where there is nobody to tell', () => {
    expect(judge([], [], ['nobody'])).toEqual({ kind: 'failed', reason: 'nobody has no configurations' });
  });
});
