import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { messageOf, UserError } from '../../core/index.ts';
import { createRedact, readTlsMaterial, tlsOptions } from '../../http-client/index.ts';
import type { EmailConfig } from './config.ts';
import { quote } from './http-sender.ts';
import { chooseLogin, cramMd5, knownSecrets, plainAs } from './smtp-login.ts';

/** How long a server may say nothing, in milliseconds; the flush limits the whole. */
const SILENCE_MS = 30_000;
/** The longest answer of a server, bytes. */
const MAX_RESPONSE_BYTES = 65_536;

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: Buffer;
}

/**
 * Hands a mail to a server. Gives the recipients that the server refused, not all of them.
 *
 * @throws UserError `smtp` that says at which step it failed, without secrets; the signal's reason when it is aborted
 */
export async function sendMail(config: EmailConfig, mail: Mail, signal: AbortSignal): Promise<string[]> {
  const { host, port, implicitTls, requireTls } = config;
  const tls = tlsOptions(config.tls, await readTlsMaterial(config.tls));
  const secrets = await knownSecrets(config);
  const connection = new SMTPConnection({
    host,
    port,
    secure: implicitTls,
    requireTLS: requireTls && !implicitTls,
    ignoreTLS: !requireTls && !implicitTls,
    name: config.hello,
    tls,
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    socketCloseTimeout: 0,
    maxResponseSize: MAX_RESPONSE_BYTES,
    customAuth: { PLAIN: plainAs(config.auth?.identity ?? '', secrets), 'CRAM-MD5': cramMd5(secrets) },
  });
  const step = <T>(what: string, run: (done: (error?: Error | null, result?: T) => void) => void) =>
    finish(what, run, { connection, signal, secrets });
  try {
    await step<void>(
      implicitTls ? 'establish TLS connection to server' : 'establish connection to server',
      done => connection.connect(done),
    );
    const login = await chooseLogin(
      config,
      String(connection.lastServerResponse),
      connection.secure,
      secrets,
    );
    if (login) await step(`${login.method} auth`, done => connection.login(login, done));
    const info = await step<{ rejected: string[] }>('delivery failure', done =>
      connection.send({ from: mail.from, to: [...mail.to] }, mail.message, done),
    );
    connection.quit();
    return info?.rejected ?? [];
  } catch (error) {
    connection.close();
    throw error;
  }
}

interface StepContext {
  readonly connection: SMTPConnection;
  readonly signal: AbortSignal;
  readonly secrets: readonly string[];
}

function finish<T>(
  what: string,
  run: (done: (error?: Error | null, result?: T) => void) => void,
  { connection, signal, secrets }: StepContext,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) =>
      reject(new UserError('smtp', `${what}: ${quote(createRedact(() => secrets)(messageOf(error)))}`));
    const onAbort = () => {
      connection.close();
      reject(signal.reason);
    };
    const settle = () => {
      signal.removeEventListener('abort', onAbort);
      connection.removeListener('error', onError);
    };
    const onError = (error: Error) => {
      settle();
      refuse(error);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    connection.on('error', onError);
    run((error, result) => {
      settle();
      // Errors that come after the step's own are of no interest.
      connection.on('error', () => {});
      if (error) refuse(error);
      else resolve(result);
    });
  });
}
