import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type RouterName, startRouter } from '../support/router-process.ts';
import { type HttpFake, startHttpFake } from './http-fake.ts';
import { type MailFake, startMailFake } from './mail-fake.ts';
import type { CaseAlert, ReceiverCase } from './receiver-case.ts';

const GROUP_WAIT_MS = 1000;
const GROUP_INTERVAL_MS = 5000;
/** After the first flush with its retries, before the second. */
const LATER_MS = 4000;
/** After the third flush. */
const END_MS = GROUP_WAIT_MS + 2 * GROUP_INTERVAL_MS + 2000;

/** What one router told the receivers of all cases. */
export interface Played {
  /** What the receiver of a case got, each with the number of the flush it came in. */
  of(name: string): readonly { readonly flush: number; readonly [field: string]: unknown }[];
  /** Names of what belongs to this run alone, by their values: addresses. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Plays all cases to these routers side by side, in real time. Alerts begin when all of them run: a group whose wait is over
 * when its first alert comes is told of at once, without the second. What was started is ended, whatever fails.
 */
export async function playCases(
  routers: readonly RouterName[],
  cases: readonly ReceiverCase[],
  folder: string,
): Promise<ReadonlyMap<RouterName, Played>> {
  const starts = await Promise.allSettled(
    routers.map(router => startPlayer(router, cases, join(folder, router))),
  );
  const players = starts.flatMap(start => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const startedAt = Math.ceil(Date.now() / 1000) * 1000;
    const played = await Promise.all(players.map(player => player.play(startedAt)));
    return new Map(played.map((each, i) => [routers[i]!, each]));
  } finally {
    await Promise.all(players.map(player => player.stop()));
  }
}

/** A router that runs, with the receivers of all cases. */
interface Player {
  /** @param startedAt when alerts begin, Unix milliseconds */
  play(startedAt: number): Promise<Played>;
  stop(): Promise<void>;
}

async function startPlayer(
  router: RouterName,
  cases: readonly ReceiverCase[],
  folder: string,
): Promise<Player> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  const ended = <T extends { stop(): Promise<void> }>(started: T): T => {
    ends.push(() => started.stop());
    return started;
  };
  const answersOf = (name: string) => {
    const { receiver, answers } = cases.find(each => each.name === name)!;
    return answers ?? [{ status: 200, body: receiver.startsWith('slack') ? 'ok' : '' }];
  };
  try {
    const http = ended(await startHttpFake(answersOf));
    const mail = ended(await startMailFake(answersOf));
    const port = await freePort();
    const flags = router === 'alertmanager' ? [`--web.external-url=http://127.0.0.1:${port}`] : [];
    const { address } = ended(
      await startRouter(router, folder, configOf(cases, http, mail), { port, flags }),
    );
    return { play: startedAt => play({ address, cases, http, mail }, startedAt), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  readonly address: string;
  readonly cases: readonly ReceiverCase[];
  readonly http: HttpFake;
  readonly mail: MailFake;
}

async function play({ address, cases, http, mail }: Parts, startedAt: number): Promise<Played> {
  const begun = performance.now();
  const until = (at: number) => sleep(begun + at - performance.now());
  const post = (select: (each: ReceiverCase) => readonly CaseAlert[]) =>
    postAlerts(
      address,
      cases.flatMap(each => select(each).map(alert => postable(each.name, alert, startedAt))),
    );
  await post(({ alerts }) => alerts);
  await until(LATER_MS);
  await post(({ later = [] }) => later);
  await until(END_MS);
  return {
    of(name) {
      const records = [...http.of(name), ...mail.of(name)];
      return records.map(({ at, ...rest }) => ({
        flush: Math.round((at - records[0]!.at) / GROUP_INTERVAL_MS),
        ...rest,
      }));
    },
    names: new Map([
      [address, 'ROUTER'],
      [http.host, 'RECEIVER'],
    ]),
  };
}

function configOf(cases: readonly ReceiverCase[], http: HttpFake, mail: MailFake): string {
  const routes = cases.map(({ name }) => `  - { receiver: ${name}, matchers: ['case = ${name}'] }`);
  const receivers = cases.map(({ name, receiver }) => {
    const values: Readonly<Record<string, string>> = {
      ...mail.hosts,
      URL: `http://${http.host}/${name}`,
      HOST: `${http.host}/${name}`,
      CA: JSON.stringify(mail.ca),
    };
    return `  - { name: ${name}, ${receiver.replace(/\$([A-Z_]+)/g, (_, key) => values[key]!)} }`;
  });
  return `route:
  receiver: other
  group_by: [case]
  group_wait: ${GROUP_WAIT_MS}ms
  group_interval: ${GROUP_INTERVAL_MS}ms
  routes:
${routes.map(line => `  ${line}`).join('\n')}
receivers:
  - { name: other }
${receivers.join('\n')}
`;
}

const HOUR_MS = 3_600_000;
function postable(
  name: string,
  { labels = {}, annotations = {}, isResolved = false }: CaseAlert,
  startedAt: number,
) {
  return {
    labels: { case: name, ...labels },
    annotations,
    startsAt: new Date(startedAt),
    endsAt: new Date(startedAt + (isResolved ? 500 : HOUR_MS)),
    generatorURL: 'http://prometheus.example/graph?g0.expr=a+%3E+0&g0.tab=1',
  };
}

async function postAlerts(address: string, alerts: readonly unknown[]): Promise<void> {
  const answer = await fetch(`http://${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}
