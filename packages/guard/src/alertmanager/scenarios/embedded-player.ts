import { Readable } from 'node:stream';
import { Registry } from 'prom-client';
import { createVirtualClock, Labels, silentLogger, UserError } from '../../core/index.ts';
import type { HttpAnswer, HttpPost } from '../../http-client/index.ts';
import { type Alertmanager, createAlertmanager } from '../alertmanager.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';
import { parseMatcher } from '../matchers.ts';
import { createReceiverNotifier } from '../receivers/create-notifier.ts';
import { describeState } from './describe-state.ts';
import type { Player } from './play.ts';
import type { Receivers } from './receivers.ts';
import type { Answer, Scenario } from './scenario.ts';

/** The embedded router on a virtual clock; only the connection to receivers is left out. */
export function createEmbeddedPlayer(
  scenario: Scenario,
  receivers: Receivers,
  file: string,
): Player & { stop(): Promise<void> } {
  const clock = createVirtualClock(scenario.start);
  const config = loadAlertmanagerConfig(
    'alertmanager.yml',
    scenario.config.replaceAll(/\$([\w-]+)/g, 'http://receiver/$1'),
  );
  /** Of the alerts that were posted, by fingerprint. */
  const names = new Map<string, string>();
  let router = open();

  function open(): Alertmanager {
    const opened = createAlertmanager({
      config,
      clock,
      logger: silentLogger,
      registry: new Registry(),
      database: file,
      externalUrl: 'http://localhost:9093',
      createNotifier: config =>
        createReceiverNotifier(config, { clock, logger: silentLogger, connect: () => ({ post }) }),
    });
    opened.start();
    return opened;
  }

  async function post({ url, body, signal }: HttpPost): Promise<HttpAnswer> {
    const { host, pathname } = new URL(url);
    if (host !== 'receiver') throw new UserError('unreachable', 'connection refused');
    const answer = receivers.take(pathname.slice(1), body, clock.now() - scenario.start);
    return respond(answer, signal);
  }

  async function respond(answer: Answer, signal: AbortSignal): Promise<HttpAnswer> {
    if (answer === 'reset') throw new UserError('unreachable', 'connection reset');
    if (answer === 'hang') return new Promise((_, reject) => onAbort(signal, reject));
    if (typeof answer === 'number') return emptyAnswer(answer);
    await clock.sleep(answer.after, signal);
    return emptyAnswer(200);
  }

  const find = (alertname: string) =>
    router.groups({ filter: [`alertname=${JSON.stringify(alertname)}`] })[0]?.alerts[0];

  return {
    router: 'slo-guard',
    startedAt: scenario.start,
    until: at => clock.advance(scenario.start + at - clock.now()),
    async post(alert) {
      names.set(Labels.of(alert.labels).fingerprint(), alert.labels.alertname!);
      router.put([alert]);
    },
    async silence(id, { matchers, ...span }) {
      const parsed = matchers.map(parseMatcher).map(({ name, operator, value }) => ({
        name,
        value,
        isEqual: operator.startsWith('='),
        isRegex: operator.endsWith('~'),
      }));
      return router.silences.set({
        ...(id && { id }),
        matchers: parsed,
        ...span,
        createdBy: 'me',
        comment: '',
      });
    },
    expire: async id => router.silences.expire(id),
    answer: receivers.answer,
    async restart(away) {
      await router.stop();
      await clock.advance(away);
      router = open();
    },
    reload: () => router.reload(config),
    stateOf: async alertname => describeState(find(alertname)?.status),
    decisionOn(alertname) {
      const fingerprint = [...names].find(([, name]) => name === alertname)?.[0] ?? '';
      const latest = router.historyOf(fingerprint).at(-1);
      if (!latest) return 'nothing yet';
      const text = `${latest.decision}: ${latest.reason}`;
      return [...names].reduce((told, [id, name]) => told.replaceAll(id, name), text);
    },
    stop: () => router.stop(),
  };
}

const emptyAnswer = (status: number): HttpAnswer => ({
  status,
  statusLine: String(status),
  header: () => undefined,
  redact: text => text,
  body: Object.assign(Readable.from([]), { dump: async () => {} }),
});

function onAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
}
