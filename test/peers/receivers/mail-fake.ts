import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import {
  type Certificate,
  createCertificate,
} from '../../../packages/guard/src/http-client/certificates.testing.ts';
import type { CaseAnswer } from './receiver-case.ts';

/** A mail as it came. */
export interface MailRecord {
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly hello: string;
  readonly user: string | undefined;
  readonly isSecure: boolean;
  /** With its headers, as it was sent. */
  readonly message: string;
}

/** Mail servers that keep what they get by the name of the first recipient. */
export interface MailFake {
  /** `SMTP`, `SMTP_PLAIN` and so on: host and port of each server. */
  readonly hosts: Readonly<Record<string, string>>;
  /** The authority of those that speak TLS, PEM. */
  readonly ca: string;
  of(name: string): readonly MailRecord[];
  stop(): Promise<void>;
}

const NO_TLS: SMTPServerOptions = { disabledCommands: ['STARTTLS'] };
const authenticating = (method: string): SMTPServerOptions => ({
  ...NO_TLS,
  authOptional: false,
  allowInsecureAuth: true,
  authMethods: [method],
  onAuth(auth, _, done) {
    const isRight = auth.method === 'CRAM-MD5' ? auth.validatePassword('s3cret') : auth.password === 'p ü';
    if (isRight) done(null, { user: auth.username });
    else done(new Error('no'));
  },
});

const serversWith = ({ cert, key }: Certificate): Readonly<Record<string, SMTPServerOptions>> => ({
  SMTP: NO_TLS,
  SMTP_PLAIN: authenticating('PLAIN'),
  SMTP_LOGIN: authenticating('LOGIN'),
  SMTP_CRAM: authenticating('CRAM-MD5'),
  SMTP_STARTTLS: { cert, key },
  SMTP_IMPLICIT: { cert, key, secure: true },
});

/** @param answersOf as in `startHttpFake`: 200 takes a mail, another status refuses it */
export async function startMailFake(answersOf: (name: string) => readonly CaseAnswer[]): Promise<MailFake> {
  const certificate = await createCertificate('localhost', '127.0.0.1');
  const records = new Map<string, MailRecord[]>();
  const servers = Object.entries(serversWith(certificate)).map(([name, options]) => {
    const server = new SMTPServer({
      authOptional: true,
      ...options,
      onData(stream, session, done) {
        const at = performance.now();
        const chunks: Buffer[] = [];
        stream.on('data', chunk => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const to = rcptTo.map(({ address }) => address);
          const own = records.get(to[0]!.split('@')[0]!) ?? [];
          records.set(to[0]!.split('@')[0]!, own);
          own.push({
            at,
            from: mailFrom ? mailFrom.address : '',
            to,
            hello: session.hostNameAppearsAs,
            user: session.user,
            isSecure: session.secure,
            message: Buffer.concat(chunks).toString(),
          });
          const answers = answersOf(to[0]!.split('@')[0]!);
          const answer = answers[Math.min(own.length, answers.length) - 1]!;
          const status = typeof answer === 'string' ? 421 : answer.status;
          done(status === 200 ? null : Object.assign(new Error('refused'), { responseCode: status }));
        });
      },
    });
    // A client that does not trust the certificate is of no interest here.
    server.on('error', () => {});
    return { name, server };
  });
  await Promise.all(
    servers.map(({ server }) => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))),
  );
  return {
    hosts: Object.fromEntries(
      servers.map(({ name, server }) => [name, `127.0.0.1:${(server.server.address() as AddressInfo).port}`]),
    ),
    ca: certificate.cert,
    of: name => records.get(name) ?? [],
    stop: async () =>
      void (await Promise.all(
        servers.map(({ server }) => new Promise<void>(resolve => server.close(() => resolve()))),
      )),
  };
}
