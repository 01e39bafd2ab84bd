import { createInterface } from 'node:readline';
import { Registry } from 'prom-client';
import { createSystemClock, silentLogger } from '../core/index.ts';
import { createAlertmanager } from './alertmanager.ts';
import { loadAlertmanagerConfig } from './load-config.ts';
import type { PostableAlert } from './postable-alert.ts';
import type { PostableSilence } from './silences.ts';

/** What a line of input asks for, as JSON. */
export type CrashRequest =
  | { readonly put: readonly PostableAlert[] }
  | { readonly silence: PostableSilence }
  | { readonly expire: string };

/** The line that answers: once what was asked for is durable, and at the start what is left of before. */
export type CrashAnswer =
  | { readonly durable: boolean }
  | { readonly silenceId: string }
  | {
      /** Names of the alerts that fire. */
      readonly firing: readonly string[];
      /** Ids of silences by state. */
      readonly active: readonly string[];
      readonly expired: readonly string[];
    };

/** A router in a process of its own, to be killed by crash.system.ts. Arguments: database, receiver's address. */
const [database, url] = process.argv.slice(2) as [string, string];
const router = createAlertmanager({
  config: loadAlertmanagerConfig(
    'crash.yml',
    `route: { receiver: r, group_by: [alertname], group_wait: 10ms, group_interval: 50ms, repeat_interval: 1h }
receivers: [{ name: r, webhook_configs: [{ url: '${url}' }] }]`,
  ),
  clock: createSystemClock(),
  logger: silentLogger,
  registry: new Registry(),
  database,
  externalUrl: '',
});

const say = (answer: CrashAnswer) => void process.stdout.write(`${JSON.stringify(answer)}\n`);

function carryOut(request: CrashRequest): CrashAnswer {
  if ('put' in request) return { durable: router.put(request.put).durable };
  if ('silence' in request) return { silenceId: router.silences.set(request.silence) };
  router.silences.expire(request.expire);
  return { durable: true };
}

const silencesIn = (state: string) =>
  router.silences.list().filter(each => router.silences.stateOf(each) === state);
say({
  firing: router.alerts().map(({ labels }) => labels.alertname!),
  active: silencesIn('active').map(({ id }) => id),
  expired: silencesIn('expired').map(({ id }) => id),
});
router.start();
createInterface({ input: process.stdin }).on('line', line => say(carryOut(JSON.parse(line))));
