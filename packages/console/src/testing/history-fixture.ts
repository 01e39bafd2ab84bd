import type { AlertHistoryAnswer } from '../../../guard/src/server/console-types.ts';

/** The alert whose history the fake guard knows. */
export const FINGERPRINT = '1f2e3d4c5b6a7988';

/** Two receivers: one was told after a retry, the other not while a silence held. */
export function historyOf(now: number, alertname: string): AlertHistoryAnswer {
  const group = { groupKey: `{}:{alertname="${alertname}", service="service_a", slo="availability"}` };
  const page = { ...group, receiver: 'webhook' };
  const chat = { ...group, receiver: 'chat' };
  return {
    fingerprint: FINGERPRINT,
    alert: {
      labels: { alertname, service: 'service_a', slo: 'availability', severity: 'page' },
      startsAt: now - 70_000,
      receivers: ['webhook', 'chat'],
    },
    decisions: [
      {
        ...chat,
        at: now - 2000,
        decision: 'not sent',
        reason: 'silenced by 3b1f8f0e-64cf-4c1a-9a53-0c1df4a6a3a1',
        answer: null,
        times: 3,
      },
      {
        ...page,
        at: now - 20_000,
        decision: 'sent',
        reason: 'first notification',
        answer: 'status 200 at attempt 2',
        times: 1,
      },
      {
        ...page,
        at: now - 55_000,
        decision: 'failed',
        reason: 'unexpected status code 503',
        answer: null,
        times: 1,
      },
      {
        ...chat,
        at: now - 60_000,
        decision: 'not sent',
        reason: 'inhibited by 00aa11bb22cc33dd',
        answer: null,
        times: 1,
      },
    ],
    waits: [
      { ...chat, waitsFor: 'group_wait', until: null },
      { ...page, waitsFor: 'group_interval', until: now + 25_000 },
    ],
  };
}
