import { createInterface } from 'node:readline';
import { Registry } from 'prom-client';
import { createSystemClock, silentLogger } from '../core/index.ts';
import { type Alertmanager, createAlertmanager } from './alertmanager.ts';
import { loadAlertmanagerConfig } from './load-config.ts';
import type { PostableAlert } from './postable-alert.ts';
import type { PostableSilence } from './silences.ts';

/** What a line of input asks for, as JSON. */
export type CrashRequest =
  /** The first one: opens the database. Until then the process has only loaded its code. */
  | { readonly open: string }
  | { readonly put: readonly PostableAlert[] }
  | { readonly silence: PostableSilence }
  | { readonly expire: string };

/** The line that answers, once what was asked for is durable; to `open` what is left of before. */
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

/** A router in a process of its own, to be killed by crash.system.ts. Argument: the receiver's address. */
const url = process.argv[2]!;
let router: Alertmanager;

function open(database: string): CrashAnswer {
  router = createAlertmanager({
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
  const silencesIn = (state: string) =>
    router.silences
      .list()
      .filter(each => router.silences.stateOf(each) === state)
      .map(({ id }) => id);
  const firing = router.alerts().map(({ labels }) => labels.alertname!);
  router.start();
  return { firing, active: silencesIn('active'), expired: silencesIn('expired') };
}

async function carryOut(request: CrashRequest): Promise<CrashAnswer> {
  if ('open' in request) return open(request.open);
  if ('put' in request) return { durable: (await router.putShared(request.put)).durable };
  if ('silence' in request) return { silenceId: router.silences.set(request.silence) };
  router.silences.expire(request.expire);
  return { durable: true };
}

/** Answers leave in the order of the requests. */
let told: Promise<unknown> = Promise.resolve();
createInterface({ input: process.stdin }).on('line', line => {
  const answer = carryOut(JSON.parse(line));
  told = told.then(async () => process.stdout.write(`${JSON.stringify(await answer)}\n`));
});
