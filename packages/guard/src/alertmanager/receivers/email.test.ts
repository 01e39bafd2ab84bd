import { createServer, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificate } from '../../http-client/certificates.testing.ts';
import { NOTIFICATION, notificationSaying, notifierOf, RESOLVED } from './testing.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isSecure: boolean;
  /** Unfolded. */
  readonly headers: readonly string[];
  readonly body: string;
}

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A mail server that keeps what it gets. */
async function serve(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
        received.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map(({ address }) => address),
          user: session.user,
          isSecure: session.secure,
          headers: head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n'),
          body: rest.join('\r\n\r\n'),
        });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise(resolve => server.close(() => resolve(undefined))));
  return { received, host: `127.0.0.1:${(server.server.address() as { port: number }).port}` };
}

/** A server that says what it likes. */
async function hostile(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise(resolve => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

const PLAIN = 'from: me@a.example, require_tls: false';
const mailTo = (host: string, rest = '') =>
  notifierOf(`email_configs: [{ smarthost: '${host}', to: 'ops@a.example', ${PLAIN}${rest} }]`);
const withAuth = (onAuth: SMTPServerOptions['onAuth'], authMethods: string[]): SMTPServerOptions => ({
  authMethods,
  allowInsecureAuth: true,
  onAuth,
});

describe('the e-mail notifier', () => {
  it('sends a message with the usual subject and both texts, the page last', async () => {
    const { host, received } = await serve();
    const result = await mailTo(host, ", text: 'T {{ .Status }}'")();
    expect(result).toEqual({ outcome: 'delivered', reason: 'accepted by the mail server' });
    const [mail] = received;
    expect(mail).toMatchObject({ from: 'me@a.example', to: ['ops@a.example'], user: undefined });
    for (const header of ['To: ops@a.example', 'From: me@a.example', 'Subject: [FIRING:1] Burn (a)'])
      expect(mail!.headers).toContain(header);
    expect(mail!.headers.some(header => header.startsWith('Message-I'))).toBe(true);
    expect(mail!.body.indexOf('T firing')).toBeGreaterThan(0);
    expect(mail!.body.indexOf('<html')).toBeGreaterThan(mail!.body.indexOf('T firing'));
    expect(mail!.body).toContain('It &lt;burns&gt; &amp; burns');
  });

  it('keeps header and envelope whole, whatever labels say', async () => {
    const { host, received } = await serve();
    const evil = notificationSaying('x\r\nBcc: evil@b.example\r\n\r\nbody');
    const headers =
      ", headers: { Subject: 'S {{ .CommonAnnotations.summary }}', X-Team: '{{ .CommonAnnotations.summary }}' }";
    expect((await mailTo(host, headers)(evil)).outcome).toBe('delivered');
    expect(received[0]!.headers.filter(header => /^bcc/i.test(header))).toEqual([]);
    expect(received[0]!.headers).toContain('X-Team: x Bcc: evil@b.example body');
    const to = notifierOf(
      `email_configs: [{ smarthost: '${host}', to: '{{ .CommonAnnotations.summary }}', ${PLAIN} }]`,
    );
    for (const summary of ['a@b.example\r\nRCPT TO:<evil@b.example>', '', 'nobody', 'a b@c.example'])
      expect(await to(notificationSaying(summary))).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining("parse 'to' addresses"),
      });
    expect(received).toHaveLength(1);
  });

  it('gathers the messages of a group under one that does not exist', async () => {
    const { host, received } = await serve();
    const send = mailTo(host, ', send_resolved: true, threading: { enabled: true, thread_by_date: none }');
    await send();
    await send(RESOLVED);
    const threads = received.map(({ headers }) => headers.find(header => header.startsWith('References:')));
    expect(threads[0]).toMatch(/^References: <alert-[0-9a-f]{16}-@alertmanager>$/);
    expect(threads[1]).toBe(threads[0]);
  });

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('authenticates by %s', async method => {
    const { host, received } = await serve(
      withAuth(
        (auth, _session, done) => {
          const isRight =
            auth.method === 'CRAM-MD5' ? auth.validatePassword('hunter22') : auth.password === 'hunter22';
          if (isRight) done(null, { user: auth.username });
          else done(new Error('no'));
        },
        [method],
      ),
    );
    const auth = ", auth_username: me, auth_password: hunter22, auth_secret: 'hunter22'";
    expect((await mailTo(host, auth)()).outcome).toBe('delivered');
    expect(received[0]!.user).toBe('me');
  });

  it('tells of a refused password without showing it', async () => {
    const { host } = await serve(
      withAuth((auth, _session, done) => done(new Error(`bad ${auth.password}`)), ['LOGIN']),
    );
    const { outcome, reason } = await mailTo(host, ', auth_username: me, auth_password: hunter22')();
    expect(outcome).toBe('retry');
    expect(reason).toMatch(/^LOGIN auth: .*<secret>/);
    for (const encoding of ['base64', 'utf8'] as const) {
      const echoing = await serve(
        withAuth(
          (auth, _session, done) =>
            done(new Error(`bad ${Buffer.from(`\0me\0${auth.password}`).toString(encoding)}`)),
          ['PLAIN'],
        ),
      );
      const told = await mailTo(echoing.host, ', auth_username: me, auth_password: hunter22')();
      expect(told.reason).toMatch(/^PLAIN auth: .*<secret>/);
      expect(told.reason).not.toMatch(/hunter22|aHVudGVyMjI|h1bnRlcj|odW50ZXIy/);
    }
    expect(await mailTo(host, ', auth_username: me')()).toEqual({
      outcome: 'retry',
      reason: 'find auth mechanism: missing password for LOGIN auth mechanism',
    });
  });

  it('encrypts before it tells anything, and checks whom it talks to', async () => {
    const { cert, key } = await createCertificate('localhost', '127.0.0.1');
    const { host, received } = await serve({ cert, key, disabledCommands: [] });
    const config = (rest: string) =>
      notifierOf(`email_configs: [{ smarthost: '${host}', to: 'ops@a.example', from: me@a.example${rest} }]`);
    expect((await config(`, tls_config: { ca: ${JSON.stringify(cert)} }`)()).outcome).toBe('delivered');
    expect(received[0]!.isSecure).toBe(true);
    expect(await config('')()).toMatchObject({
      outcome: 'retry',
      reason: expect.stringMatching(/self-signed certificate/),
    });
    const plain = await serve();
    const strict = notifierOf(
      `email_configs: [{ smarthost: '${plain.host}', to: 'ops@a.example', from: me@a.example }]`,
    );
    expect((await strict()).outcome).toBe('retry');
    expect(plain.received).toEqual([]);
  });

  it('speaks TLS from the start where it is told to', async () => {
    const { cert, key } = await createCertificate('localhost', '127.0.0.1');
    const { host, received } = await serve({ cert, key, secure: true });
    const tls = `, force_implicit_tls: true, tls_config: { ca: ${JSON.stringify(cert)} }`;
    expect((await mailTo(host, tls)()).outcome).toBe('delivered');
    expect(received[0]!.isSecure).toBe(true);
  });

  it('sends to those whom the server takes when it refuses others', async () => {
    const { host, received } = await serve({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('gone') ? done(new Error('no such user')) : done(),
    });
    const to = (addresses: string) =>
      notifierOf(`email_configs: [{ smarthost: '${host}', to: '${addresses}', ${PLAIN} }]`)();
    expect((await to('gone@a.example, ops@a.example')).outcome).toBe('delivered');
    expect(received[0]!.to).toEqual(['ops@a.example']);
    expect(await to('gone@a.example')).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('no such user'),
    });
  });

  it('gives up on servers that hang up, talk without end or say nothing', async () => {
    const hangsUp = await hostile(socket => socket.destroy());
    expect((await mailTo(hangsUp)()).outcome).toBe('retry');
    const endless = await hostile(socket => {
      const flood = () => {
        while (!socket.destroyed && socket.write('220-'.repeat(4096)));
        socket.once('drain', flood);
      };
      flood();
    });
    expect(await mailTo(endless)()).toMatchObject({ outcome: 'retry' });
    const silent = await hostile(() => {});
    const flush = new AbortController();
    const sending = mailTo(silent)(NOTIFICATION, flush.signal);
    flush.abort(new Error('over'));
    expect(await sending).toEqual({ outcome: 'retry', reason: 'over' });
    expect((await mailTo('127.0.0.1:1')()).reason).toMatch(/establish connection to server: .*ECONNREFUSED/);
  });
});
