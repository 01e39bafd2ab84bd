import type { Path } from '../../config/index.ts';
import { httpClientConfig } from '../../http-client/index.ts';
import type { EmailConfig } from './config.ts';
import { checkTemplates, type ReadContext, secretOf } from './read-context.ts';
import type { EmailDocument } from './schema.ts';

/** TLS from the first byte is usual there. */
const IMPLICIT_TLS_PORT = 465;
const SUBJECT = '{{ template "email.default.subject" . }}';
/** A field name of RFC 5322: printable ASCII without a colon. */
const HEADER_NAME = /^[!-9;-~]+$/;

export function readEmail(
  document: EmailDocument,
  name: string,
  path: Path,
  context: ReadContext,
): EmailConfig {
  const { global, folder, report, templates } = context;
  checkTemplates(context, document, path);
  const host = hostAndPort(document.smarthost || global.smtp_smarthost, path, context);
  const from = document.from || global.smtp_from || '';
  if (from === '') report(path, 'bad-value', 'no sender: neither from here nor smtp_from under global');
  const tls = document.tls_config ?? global.smtp_tls_config;
  const threading = document.threading?.enabled
    ? (document.threading.thread_by_date as 'none' | 'daily')
    : undefined;
  const headers = headersOf(document, path, context);
  for (const header of ['References', 'In-Reply-To'])
    if (threading && headers.has(header))
      report([...path, 'threading'], 'bad-value', `threading sets ${header}, which stands under headers`);
  headers.set('Subject', headers.get('Subject') ?? SUBJECT);
  headers.set('To', headers.get('To') ?? document.to);
  headers.set('From', headers.get('From') ?? from);
  const auth = authOf(document, context);
  return {
    kind: 'email',
    name,
    templates,
    ...host,
    from,
    headers,
    sendResolved: document.send_resolved,
    to: document.to,
    hello: document.hello || global.smtp_hello,
    html: document.html,
    text: document.text,
    requireTls: document.require_tls ?? global.smtp_require_tls,
    implicitTls:
      document.force_implicit_tls ?? global.smtp_force_implicit_tls ?? host.port === IMPLICIT_TLS_PORT,
    tls: httpClientConfig({ tls_config: tls }, folder).tls,
    ...(auth && { auth }),
    ...(threading && { threading }),
  };
}

function hostAndPort(
  smarthost: string | undefined,
  path: Path,
  { report }: ReadContext,
): { host: string; port: number } {
  if (!smarthost) {
    report(path, 'bad-value', 'no mail server: neither smarthost here nor smtp_smarthost under global');
    return { host: '', port: 0 };
  }
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(smarthost);
  if (!match)
    report(
      path,
      'bad-value',
      `${JSON.stringify(smarthost)} is not a mail server's host:port`,
      'write host:port, with an IPv6 address in brackets',
    );
  const [, bracketed, plain, port] = match ?? [];
  return { host: bracketed ?? plain ?? '', port: Number(port ?? 0) };
}

function headersOf({ headers }: EmailDocument, path: Path, { report }: ReadContext): Map<string, string> {
  const canonical = new Map<string, string>();
  for (const [given, value] of Object.entries(headers)) {
    const at = [...path, 'headers', given];
    const name = given.toLowerCase().replace(/(^|-)[a-z]/g, letter => letter.toUpperCase());
    if (!HEADER_NAME.test(given)) report(at, 'bad-value', `${JSON.stringify(given)} is not a header's name`);
    if (canonical.has(name)) report(at, 'bad-value', `the header ${name} stands twice`);
    canonical.set(name, value);
  }
  return canonical;
}

function authOf(document: EmailDocument, context: ReadContext): EmailConfig['auth'] {
  const { global } = context;
  const username = document.auth_username || global.smtp_auth_username;
  if (!username) return undefined;
  const password =
    secretOf(context, document.auth_password, document.auth_password_file) ??
    secretOf(context, global.smtp_auth_password, global.smtp_auth_password_file);
  const secret =
    secretOf(context, document.auth_secret, document.auth_secret_file) ??
    secretOf(context, global.smtp_auth_secret, global.smtp_auth_secret_file);
  return {
    username,
    identity: document.auth_identity || global.smtp_auth_identity || '',
    ...(password && { password }),
    ...(secret && { secret }),
  };
}
