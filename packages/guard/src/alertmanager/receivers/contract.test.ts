import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { alertOf, NOTIFICATION, notificationSaying, notifierOf, RESOLVED } from './testing.ts';

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A receiver on loopback, and the JSON that it got. */
async function serve(listener: Listener) {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (body !== '') bodies.push(JSON.parse(body));
    listener(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });
  return { bodies, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const KINDS = {
  webhook: (host: string, rest = '') =>
    notifierOf(`webhook_configs: [{ url: 'http://${host}/T0/hunter2'${rest} }]`),
  slack: (host: string, rest = '') =>
    notifierOf(`slack_configs: [{ api_url: 'http://${host}/T0/hunter2'${rest} }]`),
  pagerduty: (host: string, rest = '') =>
    notifierOf(`pagerduty_configs: [{ url: 'http://${host}/', routing_key: hunter2${rest} }]`),
};
type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as Kind[];

describe.each(ALL)('every receiver: %s', kind => {
  it.each([
    [400, 'failed', 'clientError'],
    [401, 'failed', 'authError'],
    [403, 'failed', 'authError'],
    [429, kind === 'pagerduty' ? 'retry' : 'failed', 'rateLimited'],
    [500, 'retry', 'serverError'],
    [503, 'retry', 'serverError'],
  ])('takes status %d as Alertmanager does', async (status, outcome, category) => {
    const { host } = await serve((_request, response) => response.writeHead(status).end('told hunter2'));
    const result = await KINDS[kind](host)();
    expect(result).toMatchObject({ outcome, category });
    expect(result.reason).toContain(`unexpected status code ${status}`);
    expect(result.reason).not.toContain('hunter2');
  });

  it('says what kept an answer from coming, and may try again', async () => {
    const { host } = await serve(request => void request.socket.destroy());
    expect(await KINDS[kind](host)()).toMatchObject({ outcome: 'retry' });
    expect(await KINDS[kind]('127.0.0.1:1')()).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('refused'),
    });
    const silent = await serve(() => {});
    expect(await KINDS[kind](silent.host, ', timeout: 50ms')()).toEqual({
      outcome: 'retry',
      reason: `configured ${kind} timeout reached (50ms)`,
    });
  });

  it('follows ten redirects with what it posts, and tells the last one nothing of where it came from', async () => {
    const paths: string[] = [];
    const { host, bodies } = await serve((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.writeHead(307, { location: '/around?again=hunter2' }).end();
    });
    const { outcome, reason } = await KINDS[kind](host)();
    expect([outcome, reason]).toEqual(['retry', expect.stringMatching(/10 redirects$/)]);
    expect(reason).not.toContain('hunter2');
    expect(paths.slice(1)).toEqual(Array(9).fill('POST /around?again=hunter2'));
    expect(bodies).toHaveLength(10);
  });

  it.each([true, false])('takes a body but no credentials to another host: %s', async follows => {
    const seen: unknown[] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(request.headers.authorization, request.headers.referer);
      request.socket.destroy();
      void response;
    });
    const { host } = await serve((_request, response) => {
      const location = `http://${elsewhere.host.replace('127.0.0.1', 'localhost')}/around?again=hunter2`;
      response.writeHead(307, { location }).end();
    });
    const http = `, http_config: { authorization: { credentials: s3cret }, follow_redirects: ${follows} }`;
    const { outcome, reason } = await KINDS[kind](host, http)();
    expect(reason).not.toMatch(/hunter2|s3cret/);
    expect(outcome).toBe(follows ? 'retry' : 'failed');
    expect(seen.every(each => each === undefined)).toBe(true);
    expect(elsewhere.bodies.length > 0).toBe(follows);
  });

  it('reads a bounded part of an endless answer', async () => {
    const { host } = await serve((_request, response) => {
      response.writeHead(500);
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', flood);
      };
      flood();
    });
    const { outcome, reason } = await KINDS[kind](host)();
    expect(outcome).toBe('retry');
    expect(reason.length).toBeLessThan(600);
  });

  it('leaves nothing attached to the signal of a flush', async () => {
    const { host } = await serve((_request, response) => response.end('ok'));
    const { signal } = new AbortController();
    const send = KINDS[kind](host);
    for (let i = 0; i < 5; i++) await send(NOTIFICATION, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('Slack', () => {
  const answer =
    (type: string, text: string): Listener =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(text);
  it.each([
    ['text/plain', 'ok', 'delivered'],
    ['text/plain', 'no_channel', 'failed'],
    ['application/json', '{"ok":true}', 'delivered'],
    ['application/json', '{"ok":false,"error":"nope"}', 'failed'],
    ['application/json', '{', 'retry'],
    ['application/json', '[true]', 'retry'],
    ['application/json', '{"ok":"yes"}', 'retry'],
    ['application/json', '{"ok":true,"ts":1}', 'retry'],
    ['application/json', '{"OK":true,"error":null}', 'delivered'],
    ['application/json', 'null', 'failed'],
  ])('%s %s is %s', async (type, text, outcome) => {
    const { host } = await serve(answer(type, text));
    expect((await KINDS.slack(host)()).outcome).toBe(outcome);
  });

  it('gets the usual attachment, cut to its limits', async () => {
    const { host, bodies } = await serve(answer('text/plain', 'ok'));
    await KINDS.slack(host, ", channel: '#a', text: '{{ .CommonAnnotations.summary }}'")();
    expect(bodies[0]).toMatchObject({
      channel: '#a',
      username: 'Alertmanager',
      attachments: [
        {
          title: '[FIRING:1] Burn (a)',
          title_link: 'http://am.example/#/alerts?receiver=r',
          text: 'It <burns> & burns',
          color: 'danger',
          mrkdwn_in: ['fallback', 'pretext', 'text'],
        },
      ],
    });
    const title = ", title: '{{ .CommonAnnotations.summary }}'";
    await KINDS.slack(host, title)(notificationSaying('ü'.repeat(2000)));
    const [attachment] = bodies[1]!.attachments as { title: string }[];
    expect([attachment!.title.length, attachment!.title.at(-1)]).toEqual([1024, '…']);
  });

  it('goes out with what could be said when a template fails', async () => {
    const { host, bodies } = await serve(answer('text/plain', 'ok'));
    const text = `, title: 'a{{ template "none" }}b', text: later`;
    expect((await KINDS.slack(host, text)()).outcome).toBe('delivered');
    expect(bodies[0]!.attachments).toMatchObject([{ title: 'a', text: '' }]);
  });
});

describe('PagerDuty', () => {
  it('gets an event to trigger and one to resolve, by the same key', async () => {
    const { host, bodies } = await serve((_request, response) => response.writeHead(202).end());
    await KINDS.pagerduty(host, ", class: c, links: [{ href: 'http://l', text: L }, { href: '' }]")();
    await KINDS.pagerduty(host)(RESOLVED);
    const [fires, resolves] = bodies;
    expect(fires).toMatchObject({
      routing_key: 'hunter2',
      event_action: 'trigger',
      client: 'Alertmanager',
      links: [{ href: 'http://l', text: 'L' }],
      payload: {
        summary: '[FIRING:1] Burn (a)',
        source: 'Alertmanager',
        severity: 'error',
        class: 'c',
        custom_details: { num_firing: 1, num_resolved: 0, resolved: [], firing: [{ status: 'firing' }] },
      },
    });
    expect(resolves).toMatchObject({ event_action: 'resolve', dedup_key: fires!.dedup_key });
    expect(fires!.dedup_key).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gets no details when they would be too large', async () => {
    const { host, bodies } = await serve((_request, response) => response.writeHead(202).end());
    const alerts = Array.from({ length: 600 }, (_, i) =>
      alertOf({ alertname: 'A', i: `${i}` }, { s: 'x'.repeat(1000) }),
    );
    await KINDS.pagerduty(host)({ ...NOTIFICATION, alerts });
    expect((bodies[0]!.payload as { custom_details: object }).custom_details).toEqual({
      error: expect.stringContaining('512KB'),
    });
  });

  it('gets nothing when a template fails', async () => {
    const { host, bodies } = await serve((_request, response) => response.writeHead(202).end());
    expect(await KINDS.pagerduty(host, `, description: '{{ .Nope }}'`)()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining("can't evaluate field Nope"),
    });
    expect(bodies).toEqual([]);
  });
});
