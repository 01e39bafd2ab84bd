import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type Milliseconds, milliseconds, silentLogger } from '../../core/index.ts';
import { createHttpClient } from '../../http-client/index.ts';
import { type Alertmanager, createAlertmanager } from '../alertmanager.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';
import { createReceiverNotifier } from './create-notifier.ts';

const POST = 'https://slack.com/api/chat.postMessage';
const START = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const CONFIG = `
route: { receiver: r, group_by: [service], group_wait: 1s, group_interval: 10s, repeat_interval: 1h }
receivers:
  - name: r
    slack_configs: [{ api_url: '${POST}', channel: '#pages', update_message: true, send_resolved: true,
      http_config: { authorization: { credentials: xoxb-1 } }, title: '{{ .Status }} {{ range .Alerts }}{{ .Labels.alertname }}{{ end }}' }]`;

interface Told {
  readonly path: string;
  readonly channel: string;
  readonly ts?: string;
  readonly title: string;
}

let told: Told[];
/** What Slack answers next; the last one stays. */
let answers: string[];
let clock: ReturnType<typeof createVirtualClock>;
let folder: string;
let router: Alertmanager;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { channel, ts, attachments } = JSON.parse(body);
  told.push({ path: request.url!, channel, ...(ts !== undefined && { ts }), title: attachments[0].title });
  response.setHeader('content-type', 'application/json');
  response.end(answers.length > 1 ? answers.shift() : answers[0]);
});

/** The router as it runs; its only detour is that slack.com is on this machine. */
function start(): void {
  const slack = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  router = createAlertmanager({
    config: loadAlertmanagerConfig('am.yml', CONFIG),
    clock,
    logger: silentLogger,
    registry: new Registry(),
    database: join(folder, 'state.db'),
    externalUrl: 'http://am.example',
    createNotifier: config =>
      createReceiverNotifier(config, {
        clock,
        logger: silentLogger,
        connect(http) {
          const client = createHttpClient({ config: http });
          return {
            post: asked => client.post({ ...asked, url: asked.url.replace('https://slack.com', slack) }),
          };
        },
      }),
  });
  router.start();
}

beforeEach(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'slack-update-'));
  clock = createVirtualClock(START);
  told = [];
  answers = ['{"ok":true,"ts":"171.5","channel":"C042"}'];
  start();
});
afterEach(async () => {
  await router.stop();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const put = (name: string, endsAt?: Milliseconds) =>
  router.put([
    {
      labels: { alertname: name, service: 'a' },
      startsAt: milliseconds(START),
      ...(endsAt !== undefined && { endsAt }),
    },
  ]);
const resolve = (name: string) => put(name, clock.now());

/** Lets time pass until the next notification has ended. */
async function nextTold(seconds: number): Promise<Told> {
  const before = told.length;
  const ended = router.recentNotifications(1000).length;
  await clock.advance(seconds * SECOND);
  while (told.length === before || router.recentNotifications(1000).length === ended) await turn();
  return told.at(-1)!;
}
const posted = (title: string): Told => ({ path: '/api/chat.postMessage', channel: '#pages', title });
const updated = (title: string, ts = '171.5'): Told => ({
  path: '/api/chat.update',
  channel: 'C042',
  ts,
  title,
});

describe('a Slack message that is updated', () => {
  it('is posted once, edited as the group changes, and posted anew when it fires again', async () => {
    put('A');
    expect(await nextTold(1)).toEqual(posted('firing A'));
    put('B');
    expect(await nextTold(10)).toEqual(updated('firing AB'));
    resolve('A');
    resolve('B');
    expect(await nextTold(10)).toEqual(updated('resolved AB'));
    await clock.advance(SECOND);
    answers = ['{"ok":true,"ts":"172.0","channel":"C042"}'];
    put('A');
    expect(await nextTold(1)).toEqual(posted('firing A'));
    put('B');
    expect(await nextTold(10)).toEqual(updated('firing AB', '172.0'));
  });

  it('is known after a restart', async () => {
    put('A');
    expect(await nextTold(1)).toEqual(posted('firing A'));
    await router.stop();
    start();
    put('B');
    expect(await nextTold(10)).toEqual(updated('firing AB'));
    await router.stop();
    start();
    resolve('A');
    resolve('B');
    expect(await nextTold(10)).toEqual(updated('resolved AB'));
  });

  it('keeps its id when an answer to an edit names none, and when an edit is refused', async () => {
    put('A');
    await nextTold(1);
    answers = ['{"ok":true}', '{"ok":false,"error":"message_not_found"}', '{"ok":true}'];
    put('B');
    expect(await nextTold(10)).toEqual(updated('firing AB'));
    put('C');
    expect(await nextTold(10)).toEqual(updated('firing ABC'));
    expect(router.recentNotifications(1)[0]).toMatchObject({
      outcome: 'failed',
      reason: 'channel "C042": error response from Slack: message_not_found',
    });
    expect(await nextTold(10)).toEqual(updated('firing ABC'));
  });

  it('is posted again where the first answer named no message', async () => {
    answers = ['{"ok":true,"ts":"171.5"}', '{"ok":true,"ts":"","channel":"C042"}', answers[0]!];
    put('A');
    expect(await nextTold(1)).toEqual(posted('firing A'));
    put('B');
    expect(await nextTold(10)).toEqual(posted('firing AB'));
    put('C');
    expect(await nextTold(10)).toEqual(posted('firing ABC'));
    put('D');
    expect(await nextTold(10)).toEqual(updated('firing ABCD'));
  });
});
