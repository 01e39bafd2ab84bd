import { createHmac } from 'node:crypto';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { UserError } from '../../core/index.ts';
import { readSecret } from '../../http-client/index.ts';
import type { EmailConfig } from './config.ts';

/** With which mechanism and which secret to log in. */
export interface Login {
  readonly method: string;
  readonly user: string;
  readonly pass: string;
}

const MECHANISMS: ReadonlySet<string> = new Set(['PLAIN', 'LOGIN', 'CRAM-MD5']);
/** Where a password may go without encryption (Go's net/smtp). */
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * The first mechanism that the server offers and the configuration has the secret for, in the server's order
 * (notify/email); undefined where there is nobody to log in as, or the server wants none.
 *
 * @param secrets gets what must not be shown
 * @throws UserError `smtp`, `unreadable-secret`
 */
export async function chooseLogin(
  { auth, host }: EmailConfig,
  greeting: string,
  isSecure: boolean,
  secrets: string[],
): Promise<Login | undefined> {
  const offered = /^250[- ]AUTH[ =]([^\r\n]*)/im.exec(greeting)?.[1];
  if (!auth || offered === undefined) return undefined;
  const password = await readSecret(auth.password, 'auth_password_file');
  const secret = await readSecret(auth.secret, 'auth_secret_file');
  secrets.push(password, secret);
  const problems: string[] = [];
  for (const method of offered.trim().toUpperCase().split(/\s+/)) {
    const pass = method === 'CRAM-MD5' ? secret : password;
    if (!MECHANISMS.has(method)) problems.push(`unknown auth mechanism: ${method}`);
    else if (pass === '')
      problems.push(`missing ${method === 'CRAM-MD5' ? 'secret' : 'password'} for ${method} auth mechanism`);
    else if (method === 'PLAIN' && !isSecure && !LOCAL.has(host))
      throw new UserError('smtp', 'PLAIN auth: unencrypted connection');
    else return { method, user: auth.username, pass };
  }
  throw new UserError('smtp', `find auth mechanism: ${problems.join(', ')}`);
}

/** What a server may remember from before and greet with. A file that cannot be read is told when it is wanted. */
export async function knownSecrets({ auth }: EmailConfig): Promise<string[]> {
  const found = await Promise.allSettled([
    readSecret(auth?.password, 'auth_password_file'),
    readSecret(auth?.secret, 'auth_secret_file'),
  ]);
  return found.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
}

type Handler = NonNullable<
  NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>['customAuth']
>[string];

/** PLAIN that acts for another identity (RFC 4616), which the library's own cannot. */
export const plainAs =
  (identity: string, secrets: string[]): Handler =>
  async ({ auth, sendCommand }) => {
    const { user, pass } = auth.credentials;
    const message = Buffer.from(`${identity}\0${user}\0${pass}`).toString('base64');
    secrets.push(message);
    const { status, response } = await sendCommand(`AUTH PLAIN ${message}`);
    if (status !== 235) throw new Error(response);
  };

/** CRAM-MD5 (RFC 2195) that keeps its answer from being shown: with the challenge it lets passwords be tried. */
export const cramMd5 =
  (secrets: string[]): Handler =>
  async ({ auth, sendCommand }) => {
    const { user, pass } = auth.credentials;
    const asked = await sendCommand('AUTH CRAM-MD5');
    if (asked.status !== 334) throw new Error(asked.response);
    const challenge = Buffer.from(asked.response.replace(/^334[ -]?/, ''), 'base64');
    const digest = createHmac('md5', pass).update(challenge).digest('hex');
    const answer = Buffer.from(`${user} ${digest}`).toString('base64');
    secrets.push(digest, answer);
    const { status, response } = await sendCommand(answer);
    if (status !== 235) throw new Error(response);
  };
