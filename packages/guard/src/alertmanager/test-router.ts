import { Registry } from 'prom-client';
import {
  createVirtualClock,
  type Logger,
  type Milliseconds,
  parseDuration,
  silentLogger,
} from '../core/index.ts';
import { IN_MEMORY } from '../sqlite/index.ts';
import { type Alertmanager, createAlertmanager } from './alertmanager.ts';
import { loadAlertmanagerConfig } from './load-config.ts';
import type { NotifyResult } from './notifier.ts';
import { createPayload, type WebhookPayload } from './payload.ts';

/** The epoch of scenarios: times in them are seconds from here. */
export const START: Milliseconds = Date.UTC(2026, 0, 1);

/** What a receiver got, one line: `10 page: firing A B (first notification)`. */
export interface TestRouter {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly registry: Registry;
  readonly router: Alertmanager;
  /** Lines since the last call. */
  told(): string[];
  readonly payloads: WebhookPayload[];
  /** What receivers answer from now on, by name; the last answer stays. */
  answer(receiver: string, ...results: Array<NotifyResult | 'hang'>): void;
}

export const DELIVERED: NotifyResult = { outcome: 'delivered', reason: 'status 200' };
export const UNAVAILABLE: NotifyResult = {
  outcome: 'retry',
  reason: 'unexpected status code 503',
  category: 'serverError',
};
export const REFUSED: NotifyResult = {
  outcome: 'failed',
  reason: 'unexpected status code 400',
  category: 'clientError',
};

export function startRouter(config: string, file = IN_MEMORY, logger: Logger = silentLogger): TestRouter {
  const clock = createVirtualClock(START);
  const payloads: WebhookPayload[] = [];
  const answers = new Map<string, Array<NotifyResult | 'hang'>>();
  let lines: string[] = [];
  const registry = new Registry();
  const router = createAlertmanager({
    config: loadAlertmanagerConfig('alertmanager.yml', config),
    clock,
    logger,
    registry,
    database: file,
    externalUrl: 'http://localhost:9093',
    createNotifier: (config, receiver) => ({
      notify(notification, signal) {
        const maxAlerts = config.kind === 'webhook' ? config.maxAlerts : 0;
        return notify(receiver, createPayload(notification, maxAlerts), signal);
      },
    }),
    createId: () => `id-${clock.now() - START}`,
  });
  router.start();

  function notify(receiver: string, payload: WebhookPayload, signal: AbortSignal): Promise<NotifyResult> {
    const queue = answers.get(receiver) ?? [DELIVERED];
    const result = queue.length > 1 ? queue.shift()! : queue[0]!;
    const outcome = result === 'hang' ? 'hangs' : result.outcome;
    lines.push(`${describe(receiver, payload)}${outcome === 'delivered' ? '' : ` ${outcome}`}`);
    payloads.push(payload);
    if (result !== 'hang') return Promise.resolve(result);
    return new Promise(resolve => {
      signal.addEventListener('abort', () => resolve({ outcome: 'retry', reason: String(signal.reason) }));
    });
  }

  function describe(receiver: string, payload: WebhookPayload): string {
    const names = (status: string) =>
      payload.alerts.filter(alert => alert.status === status).map(alert => alert.labels.alertname);
    const parts = ['firing', 'resolved'].flatMap(status => {
      const list = names(status);
      return list.length > 0 ? [`${status} ${list.join(' ')}`] : [];
    });
    const at = (clock.now() - START) / 1000;
    return `${at} ${receiver}: ${parts.join(', ')} (${payload.notification_reason})`;
  }

  return {
    clock,
    registry,
    router,
    payloads,
    told() {
      const since = lines;
      lines = [];
      return since;
    },
    answer: (receiver, ...results) => void answers.set(receiver, results),
  };
}

/**
 * Brings a router into a state, one step a line; scenarios of its behaviour are in scenarios/:
 *
 *     fire NAME label=value …     an alert that holds until told otherwise (or `for=30s`)
 *     resolve NAME …              it ended now
 *     wait 40s                    time passes
 *     expect LINE                 the receivers got exactly these, in this order, since the last expectation
 *     nothing                     the receivers got nothing since then
 *     receiver NAME ok|503|400|hang …
 *     silence label=value 10m
 *
 * Gives what differed, empty when all went as written.
 */
export async function playSteps(test: TestRouter, script: string): Promise<string[]> {
  const problems: string[] = [];
  let pending: string[] = [];
  const flushExpectations = () => {
    const told = test.told();
    if (JSON.stringify(told) !== JSON.stringify(pending))
      problems.push(`expected ${JSON.stringify(pending)}, got ${JSON.stringify(told)}`);
    pending = [];
  };
  let expecting = false;
  for (const line of script
    .trim()
    .split('\n')
    .map(each => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const isExpectation = line.startsWith('expect ') || line === 'nothing';
    if (expecting && !isExpectation) flushExpectations();
    expecting = isExpectation;
    if (line.startsWith('expect ')) pending.push(line.slice('expect '.length));
    else if (!isExpectation) await playStep(test, line);
  }
  if (expecting) flushExpectations();
  const leftover = test.told();
  if (leftover.length > 0) problems.push(`nobody expected ${JSON.stringify(leftover)}`);
  return problems;
}

const ANSWERS: Readonly<Record<string, NotifyResult | 'hang'>> = {
  ok: DELIVERED,
  '503': UNAVAILABLE,
  '400': REFUSED,
  hang: 'hang',
};

async function playStep(test: TestRouter, line: string): Promise<void> {
  const [verb, ...words] = line.split(/\s+/);
  const { clock, router } = test;
  const now = clock.now();
  switch (verb) {
    case 'fire':
      put(words, now);
      break;
    case 'resolve':
      router.put([{ labels: labelsOf(words), startsAt: now - 1, endsAt: now }]);
      break;
    case 'wait':
      await clock.advance(duration(words[0]));
      break;
    case 'receiver':
      test.answer(words[0]!, ...words.slice(1).map(word => ANSWERS[word]!));
      break;
    case 'silence':
      silence(words[0]!, duration(words[1]));
      break;
    default:
      throw new Error(`no such step: ${line}`);
  }

  function put(parts: string[], startsAt: number): void {
    const holds = parts.find(part => part.startsWith('for='))?.slice('for='.length) ?? '365d';
    const labels = labelsOf(parts.filter(part => !part.startsWith('for=')));
    router.put([{ labels, startsAt, endsAt: now + duration(holds) }]);
  }

  function silence(matcher: string, length: Milliseconds): void {
    const [name, value] = matcher.split('=') as [string, string];
    const matchers = [{ name, value, isRegex: false, isEqual: true }];
    router.silences.set({ matchers, startsAt: now, endsAt: now + length, createdBy: 'me', comment: '' });
  }
}

function labelsOf([alertname, ...pairs]: string[]): Record<string, string> {
  return { alertname: alertname!, ...Object.fromEntries(pairs.map(pair => pair.split('='))) };
}

function duration(text: string | undefined): Milliseconds {
  const length = parseDuration(text ?? '');
  if (length === undefined) throw new Error(`not a duration: ${text}`);
  return length;
}
