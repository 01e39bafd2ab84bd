import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock, silentLogger } from '../../core/index.ts';
import { guardFolder } from '../../server/guard.testing.ts';
import { startGuard } from '../../server/index.ts';
import { createRouter } from '../page/router.ts';
import { page } from './page.ts';

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A guard whose receiver answers with a status, and what that was told. */
async function stack(status: number, path = '/') {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { alerts } = JSON.parse(body) as { alerts: { status: string; labels: Record<string, string> }[] };
    // The guard's own alerts are told too.
    for (const alert of alerts) if (alert.labels.slo_guard_test) told.push(alert.status);
    response.writeHead(status).end(path === '/' ? '' : `asked for ${request.url}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise(resolve => server.close(resolve)));
  const folder = guardFolder();
  closing.push(async () => folder.remove());
  folder.write(
    'alertmanager.yml',
    // Each alert by itself: the page is not to join a group of the guard's own.
    `route: { receiver: hook, group_by: ['...'], group_wait: 50ms, group_interval: 1s, routes: [{ receiver: quiet, matchers: [team=quiet] }] }
inhibit_rules: [{ source_matchers: [slo_guard_test!=""], target_matchers: [team="shadow"] }]
receivers:
  - name: quiet
  - name: hook
    webhook_configs: [{ url: 'http://127.0.0.1:${(server.address() as AddressInfo).port}${path}' }]
`,
  );
  const guard = await startGuard(folder.options, { clock: createSystemClock(), logger: silentLogger });
  closing.push(() => guard.stop());
  return { told, alertmanager: `http://${guard.addresses.alertmanager}` };
}

async function run(alertmanager: string, options: { label?: string[]; receiver?: string } = {}) {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0);
  const code = await page({
    alertmanager,
    label: [],
    severity: 'page',
    timeout: '5s',
    json: true,
    ...options,
  });
  vi.restoreAllMocks();
  return { code, ...(JSON.parse(written.join('')) as { arrived: boolean; reason: string }) };
}

describe('slo-guard page', () => {
  it('says that a page arrived, and resolves it', async () => {
    const { told, alertmanager } = await stack(200);
    expect(await run(alertmanager, { receiver: 'hook' })).toMatchObject({
      code: 0,
      arrived: true,
      reason: 'sent to hook: first notification',
      receivers: ['hook'],
      by: 'history',
    });
    await vi.waitFor(() => expect(told).toContain('resolved'), { timeout: 5000 });
  });

  it('says why a page did not arrive', async () => {
    const { alertmanager } = await stack(400);
    expect(await run(alertmanager)).toMatchObject({
      code: 1,
      arrived: false,
      reason: 'failed to hook: unexpected status code 400',
    });
    expect((await run(alertmanager, { receiver: 'other' })).reason).toBe(
      'its route leads to hook, not to other',
    );
    expect((await run(alertmanager, { label: ['team=quiet'] })).reason).toBe(
      'not sent to quiet: the receiver has no configurations',
    );
    const silence = {
      matchers: [{ name: 'team', value: 'hush', isRegex: false }],
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2099-01-01T00:00:00Z',
      createdBy: 'me',
      comment: '',
    };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${alertmanager}/api/v2/silences`, {
      method: 'POST',
      headers,
      body: JSON.stringify(silence),
    });
    expect((await run(alertmanager, { label: ['team=hush'] })).reason).toMatch(/^silenced by /);
  });

  it('tells nothing of a secret that the receiver repeats', async () => {
    const { alertmanager } = await stack(400, '/s3cret-word');
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0);
    expect(await page({ alertmanager, label: [], severity: 'page', timeout: '5s', json: false })).toBe(1);
    vi.restoreAllMocks();
    expect(written.join('')).toContain('failed to hook: unexpected status code 400: asked for <secret>');
    expect(written.join('')).not.toContain('s3cret');
  });

  it('takes credentials in the address, and tells nothing of them', async () => {
    const { alertmanager } = await stack(200);
    const said: string[] = [];
    const proxy = createServer(async (request, response) => {
      const sent = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
      said.push(sent);
      if (request.url === '/refused/api/v2/alerts' && request.method === 'POST') {
        response.writeHead(400).end(`${'.'.repeat(285)}no ${sent} ${request.headers.authorization}`);
        return;
      }
      const path = request.url!.replace('/refused', '');
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = request.method === 'POST' ? { body: Buffer.concat(chunks) } : {};
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(alertmanager + path, { method: request.method!, headers, ...body });
      response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise(resolve => proxy.close(resolve)));
    const address = `http://me:s3cret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    expect(JSON.stringify(await run(address))).not.toMatch(/s3cret|me:/);
    expect(new Set(said)).toEqual(new Set(['me:s3cret']));
    const alert = { labels: {}, annotations: {}, startsAt: '', endsAt: '' };
    for (const [bad, reason] of [
      [`${address}/refused`, '...no <secret>'],
      ['http://me:s3cret@127.0.0.1:1', 'no answer from http://127.0.0.1:1'],
      ['ftp://me:s3cret@127.0.0.1:1', '--alertmanager'],
      ['http://me:s3/cret@127.0.0.1:1', '--alertmanager'],
    ] as const) {
      const asked = async () => createRouter(bad).post(alert);
      const { message } = await asked().then(
        () => expect.fail(bad),
        (error: Error) => error,
      );
      expect(message).toContain(reason);
      expect(message).not.toMatch(/s3|bWU6/);
    }
  });

  it('refuses wrong use', async () => {
    const options = { label: [], severity: 'page', timeout: '5s', json: true };
    await expect(page({ ...options, alertmanager: 'http://127.0.0.1:1' })).rejects.toThrow('no answer from');
    await expect(page({ ...options, alertmanager: 'nowhere' })).rejects.toThrow('--alertmanager');
    const wrong = page({ ...options, alertmanager: 'http://127.0.0.1:1', label: ['x'] });
    await expect(wrong).rejects.toThrow('--label');
  });
});
