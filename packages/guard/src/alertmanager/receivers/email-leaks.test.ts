import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SMTPServer, type SMTPServerAuthentication } from 'smtp-server';
import { afterAll, describe, expect, it } from 'vitest';
import { expectHidden, publishedBy, secret, WRITINGS } from './leaks.testing.ts';

/** What a mail server is told of a secret: what an echo may be made of. CRAM-MD5 tells a digest alone. */
interface Told {
  readonly text: string;
  readonly digest: string;
}
const IDENTITY = 'the boss';
const PIECES = {
  'the password': ({ text }: Told) => text,
  'user and password': ({ text }: Told) => `me:${text}`,
  'what PLAIN sent': ({ text }: Told) => `${IDENTITY}\0me\0${text}`,
  'what CRAM-MD5 sent': ({ digest }: Told) => `me ${digest}`,
  'its digest': ({ digest }: Told) => digest,
} satisfies Record<string, (told: Told) => string>;
type Piece = keyof typeof PIECES;

/** Where a server may say it; the greeting is of the connection that follows. */
const STAGES = ['greeting', 'auth', 'sender', 'recipient', 'message'] as const;

/** Configured places of the secret, the mechanism that uses it, and what that tells the server. */
interface Place {
  readonly config: (text: string) => { email?: string; global?: string };
  readonly method: 'PLAIN' | 'LOGIN' | 'CRAM-MD5';
  readonly pieces: readonly Piece[];
}
const quoted = (text: string) => JSON.stringify(text);
const PASSWORD: readonly Piece[] = ['the password', 'user and password', 'what PLAIN sent'];
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-mail-'));
const inFile = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`);
  return quoted(path);
};

const PLACES: Readonly<Record<string, Place>> = {
  'a password, sent by PLAIN': {
    config: text => ({ email: `auth_password: ${quoted(text)}` }),
    method: 'PLAIN',
    pieces: PASSWORD,
  },
  'a password, sent by LOGIN': {
    config: text => ({ email: `auth_password: ${quoted(text)}` }),
    method: 'LOGIN',
    pieces: PASSWORD,
  },
  'a password in a file': {
    config: text => ({ email: `auth_password_file: ${inFile('password', text)}` }),
    method: 'PLAIN',
    pieces: PASSWORD,
  },
  'a password under global': {
    config: text => ({ global: `{ smtp_auth_password: ${quoted(text)} }` }),
    method: 'LOGIN',
    pieces: PASSWORD,
  },
  'a secret of CRAM-MD5': {
    config: text => ({ email: `auth_secret: ${quoted(text)}` }),
    method: 'CRAM-MD5',
    pieces: ['the password', 'user and password', 'what CRAM-MD5 sent', 'its digest'],
  },
  'a secret in a file under global': {
    config: text => ({ global: `{ smtp_auth_secret_file: ${inFile('secret', text)} }` }),
    method: 'CRAM-MD5',
    pieces: ['the password', 'what CRAM-MD5 sent', 'its digest'],
  },
};

const digestOf = (auth: SMTPServerAuthentication) =>
  (auth as unknown as { challengeResponse?: string }).challengeResponse ?? '';

/** What a server says next, and where; the secret that it holds for right. */
interface Echo {
  readonly stage: (typeof STAGES)[number];
  readonly write: (told: Told) => string;
  readonly text: string;
}

const servers: SMTPServer[] = [];

/** A mail server that says what it was told, where `echo` wants it. */
async function serve(method: string) {
  let echo: Echo;
  let told: Told | undefined;
  let said = 0;

  function sayAt(stage: (typeof STAGES)[number], done: (error?: Error | null) => void): void {
    if (stage !== echo.stage || !told) {
      done();
      return;
    }
    said++;
    done(Object.assign(new Error(echo.write(told)), { responseCode: 550 }));
  }

  const server = new SMTPServer({
    authMethods: [method],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 50,
    onConnect: (_session, done) => sayAt('greeting', done),
    onAuth(auth, _session, done) {
      told = { text: echo.text, digest: digestOf(auth) };
      const isRight =
        auth.method === 'CRAM-MD5' ? auth.validatePassword(echo.text) : auth.password === echo.text;
      if (!isRight) return done(new Error('the secret did not come through'));
      sayAt('auth', error => (error ? done(error) : done(null, { user: 'me' })));
    },
    onMailFrom: (_address, _session, done) => sayAt('sender', done),
    onRcptTo: (_address, _session, done) => sayAt('recipient', done),
    onData(stream, _session, done) {
      stream.resume().on('end', () => sayAt('message', done));
    },
  });
  server.on('error', () => {});
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as { port: number }).port,
    echoes(next: Echo) {
      echo = next;
      told = undefined;
      said = 0;
    },
    said: () => said,
    told: () => told,
  };
}

afterAll(async () => {
  for (const server of servers) await new Promise<void>(resolve => server.close(resolve));
  rmSync(folder, { recursive: true });
});

// Side by side: the server lets every connection wait for a tenth of a second.
describe.concurrent('nothing that people see holds a secret of a mail server', () => {
  it.each(Object.entries(PLACES))('%s, whatever the server echoes', { timeout: 60_000 }, async (_, place) => {
    const server = await serve(place.method);
    const stages = new Set<string>();
    let hidden = 0;
    const property = fc.asyncProperty(
      secret,
      fc.constantFrom(...place.pieces),
      fc.constantFrom(...Object.values(WRITINGS)),
      fc.constantFrom(...STAGES),
      async (text, piece, write, stage) => {
        const { email = '', global = '{}' } = place.config(text);
        const receiver = `email_configs: [{ smarthost: '127.0.0.1:${server.port}', to: ops@a.example, from: me@a.example, require_tls: false, auth_username: me, auth_identity: ${IDENTITY}${email && `, ${email}`} }]`;
        server.echoes({ stage, text, write: told => write(PIECES[piece](told)) });
        // The greeting is of a server that remembers what it was told.
        if (stage === 'greeting') await publishedBy(receiver, global);
        const published = await publishedBy(receiver, global);
        expect(published).not.toContain('did not come through');
        expect(server.said()).toBeGreaterThan(0);
        stages.add(stage);
        if (published.includes('<secret>')) hidden++;
        expectHidden(published, text);
        // Nobody remembers the digests of earlier connections.
        if (place.method === 'CRAM-MD5' && stage !== 'greeting')
          expectHidden(published, server.told()!.digest);
      },
    );
    await fc.assert(property, { numRuns: 40 });
    expect(hidden).toBeGreaterThan(0);
    expect(stages.size).toBeGreaterThan(STAGES.length - 2);
  });
});
