import type { Milliseconds } from '../../core/index.ts';
import type { WebhookPayload } from '../payload.ts';
import type { Answer } from './scenario.ts';

/** One request that a receiver got. */
export interface Telling {
  /** Since the start of the scenario. */
  readonly at: Milliseconds;
  readonly text: string;
}

/** The receivers of one scenario: what they were told, and what they answer. */
export interface Receivers {
  /** Takes a request in and says what to answer. */
  take(name: string, body: string, at: Milliseconds): Answer;
  /** What a receiver answers from now on; the last answer stays. */
  answer(name: string, answers: readonly Answer[]): void;
  readonly told: readonly Telling[];
}

/** `startedAt` is what times in `shown` fields are counted from. */
export function createReceivers(shown: readonly string[], startedAt: () => Milliseconds): Receivers {
  const told: Telling[] = [];
  const answers = new Map<string, Answer[]>();
  return {
    told,
    take(name, body, at) {
      const payload = JSON.parse(body) as WebhookPayload;
      told.push({ at, text: `${name}: ${describe(payload)}${showFields(payload, shown, startedAt())}` });
      const queue = answers.get(name) ?? [200];
      return queue.length > 1 ? queue.shift()! : queue[0]!;
    },
    answer: (name, list) => void answers.set(name, [...list]),
  };
}

function describe({ alerts, notification_reason }: WebhookPayload): string {
  const parts = (['firing', 'resolved'] as const).flatMap(status => {
    const names = alerts.filter(alert => alert.status === status).map(alert => alert.labels.alertname);
    return names.length > 0 ? [`${status} ${names.join(' ')}`] : [];
  });
  return `${parts.join(', ')} (${notification_reason})`;
}

/** `alerts.startsAt` of each alert, other names of the body itself; times as seconds since the start. */
function showFields(payload: WebhookPayload, shown: readonly string[], startedAt: Milliseconds): string {
  return shown
    .map(field => {
      const [first, ofAlert] = field.split('.') as [keyof WebhookPayload, string | undefined];
      const value = ofAlert
        ? payload.alerts.map(alert => alert[ofAlert as keyof (typeof payload.alerts)[0]])
        : payload[first];
      return ` ${field}=${JSON.stringify(value).replace(TIME, text => relative(text, startedAt))}`;
    })
    .join('');
}

const TIME = /"(\d{4}-\d\d-\d\dT[^"]*)"/g;

function relative(quoted: string, startedAt: Milliseconds): string {
  const text = quoted.slice(1, -1);
  return text === '0001-01-01T00:00:00Z' ? 'never' : `${(Date.parse(text) - startedAt) / 1000}s`;
}
