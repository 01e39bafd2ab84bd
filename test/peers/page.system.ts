import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../story/support.ts';
import { type RouterProcess, startRouter } from './support/router-process.ts';

const CLI = join(import.meta.dirname, '../../packages/guard/bin/slo-guard.js');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-page-'));
/** `path status`, of test pages alone. */
const told: string[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  // Slack is told in another form, which is of no interest here.
  for (const { status, labels } of JSON.parse(body).alerts ?? [])
    if (labels.slo_guard_test) told.push(`${request.url} ${status}`);
  response.writeHead(request.url === '/broken' ? 500 : 200).end('ok');
});
/** One whose counters name receivers, and one as it is by default. */
let naming: RouterProcess;
let plain: RouterProcess;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = `
route:
  receiver: good
  group_by: [alertname, team]
  group_wait: 1s
  group_interval: 2s
  routes:
    - { receiver: broken, matchers: [team = broken] }
    - { receiver: nobody, matchers: [team = nobody] }
    - { receiver: chat, matchers: [team = chat] }
    - { receiver: busy, matchers: [team = busy] }
receivers:
  - { name: nobody }
  - { name: good, webhook_configs: [{ url: 'http://127.0.0.1:${port}/good' }] }
  - { name: busy, webhook_configs: [{ url: 'http://127.0.0.1:${port}/busy' }] }
  - { name: broken, webhook_configs: [{ url: 'http://127.0.0.1:${port}/broken' }] }
  - { name: chat, slack_configs: [{ channel: c, api_url: 'http://127.0.0.1:${port}/chat', send_resolved: true }] }
`;
  [naming, plain] = await Promise.all([
    startRouter('alertmanager', join(folder, 'naming'), config, {
      flags: ['--enable-feature=receiver-name-in-metrics'],
    }),
    startRouter('alertmanager', join(folder, 'plain'), config),
  ]);
});
afterAll(async () => {
  await Promise.all([naming, plain].map(each => each?.stop()));
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `slo-guard page` with labels. */
async function page({ address }: RouterProcess, team: string, ...flags: string[]) {
  const args = ['page', `--alertmanager=http://${address}`, `--label=team=${team}`, '--json', ...flags];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of child.stdout) printed += chunk;
  const code = child.exitCode ?? (await new Promise(resolve => child.once('exit', resolve)));
  return { code, ...JSON.parse(printed) };
}

async function post({ address }: RouterProcess, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`http://${address}/api/v2/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** As `page`, while a team's receiver is told of one alert after the other, each a group of its own. */
async function pageAmidAlertsOf(team: string, router: RouterProcess, ...asked: [team: string, ...string[]]) {
  let posted = 0;
  const more = () => post(router, 'alerts', [{ labels: { alertname: `Other${posted++}`, team } }]);
  const posting = setInterval(() => void more().catch(() => {}), 500);
  return page(router, ...asked).finally(() => clearInterval(posting));
}

describe('slo-guard page and a real Alertmanager', () => {
  it.concurrent('that names receivers: it arrived, and is resolved', async () => {
    expect(await page(naming, 'good', '--receiver=good')).toMatchObject({
      code: 0,
      arrived: true,
      isKnown: true,
      by: 'counters',
      receivers: ['good'],
      reason: 'the router counts a notification to good since',
    });
    await eventually('the resolve', 20, async () => told.includes('/good resolved') || undefined);
  });

  it.concurrent('that names receivers: one that answers 500 does not get it, whoever else gets theirs', async () => {
    await post(naming, 'alerts', [{ labels: { alertname: 'Other', team: 'busy' } }]);
    expect(await page(naming, 'broken', '--timeout=4s')).toMatchObject({
      code: 1,
      arrived: false,
      isKnown: true,
      reason: expect.stringMatching(/in time: the router counts \d+ failed attempts to notify broken$/),
    });
  });

  it.concurrent('that names receivers: what another alert of the same receiver may have moved is no arrival', async () => {
    const told = await pageAmidAlertsOf('busy', naming, 'busy', '--receiver=busy');
    expect(told).toMatchObject({
      code: 1,
      arrived: false,
      isKnown: false,
      reason: expect.stringMatching(
        /to busy since, which may be of another alert: \d+ began or ended lately$/,
      ),
    });
  });

  it.concurrent('that names receivers: one that is given up', async () => {
    expect(await page(naming, 'broken', '--timeout=40s')).toMatchObject({
      code: 1,
      arrived: false,
      reason: 'the router counts a notification to broken that failed',
    });
  });

  it.concurrent('says by which silence it is kept', async () => {
    await post(naming, 'silences', {
      matchers: [{ name: 'team', value: 'hushed', isRegex: false, isEqual: true }],
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2099-01-01T00:00:00Z',
      createdBy: 'me',
      comment: 'c',
    });
    expect(await page(naming, 'hushed')).toMatchObject({
      code: 1,
      arrived: false,
      reason: expect.stringMatching(/^silenced by [0-9a-f-]{36}$/),
    });
  });

  it.concurrent('says that its route leads elsewhere, or to nobody', async () => {
    expect((await page(naming, 'chat', '--receiver=broken')).reason).toBe(
      'its route leads to chat, not to broken',
    );
    expect((await page(naming, 'nobody')).reason).toBe('nobody has no configurations');
  });

  it.concurrent('that does not name receivers: no arrival is claimed because another receiver got something', async () => {
    expect(await pageAmidAlertsOf('good', plain, 'broken', '--timeout=20s')).toMatchObject({
      code: 1,
      arrived: false,
      isKnown: false,
      reason: expect.stringMatching(/since, to broken or good or busy: start it with --enable-feature/),
    });
  });

  it.concurrent('that does not name receivers: the only one of its kind is told of', async () => {
    expect(await page(plain, 'chat')).toMatchObject({
      code: 0,
      arrived: true,
      isKnown: true,
      reason: 'the router counts a notification to chat since',
    });
  });
});
