import { resolve } from 'node:path';
import { UserError } from '../../core/index.ts';
import { type Credentials, DEFAULT_HTTP_CLIENT, type HttpClientConfig } from '../../http-client/index.ts';
import { readHttpConfig } from './http-config.ts';

/** How to reach a server, as the command line gives it. */
export interface ConnectionFlags {
  readonly url: string;
  /** `Name: value`, each sent with every request. */
  readonly header?: readonly string[];
  /** `name` or `name:password`. */
  readonly user?: string | undefined;
  /** Path of certificates in PEM that alone are trusted. */
  readonly cacert?: string | undefined;
  readonly insecure?: boolean;
  /** Path of a file with Prometheus's HTTP client options, in place of all but the headers. */
  readonly 'http.config.file'?: string | undefined;
}

/** Secrets come from here, since a process list shows every command line. */
export interface ConnectionSecrets {
  readonly password?: string | undefined;
  readonly bearerToken?: string | undefined;
}

export interface Connection {
  /** Without credentials and without the slash at the end: API paths are appended, and people are shown it. */
  readonly base: string;
  readonly http: HttpClientConfig;
}

/** The environment variables of `ConnectionSecrets`. */
export const SECRET_VARIABLES = {
  password: 'SLO_GUARD_PASSWORD',
  bearerToken: 'SLO_GUARD_BEARER_TOKEN',
} as const satisfies Record<keyof ConnectionSecrets, string>;

export const secretsOf = (environment: NodeJS.ProcessEnv): ConnectionSecrets => ({
  password: environment[SECRET_VARIABLES.password],
  bearerToken: environment[SECRET_VARIABLES.bearerToken],
});

/**
 * @param urlFlag how errors name the flag of the address
 * @throws UserError `bad-option`, naming the flag and never a secret; of `readHttpConfig`
 */
export function connectionOf(
  flags: ConnectionFlags,
  secrets: ConnectionSecrets,
  urlFlag = '--url (or the variable PROMETHEUS_URL)',
): Connection {
  const url = addressOf(flags.url, urlFlag);
  const inUrl =
    url.username === '' ? undefined : [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  return {
    base: url.href.replace(/\/+$/, ''),
    http: withHeaders(httpConfig(flags, flags.user ?? inUrl, secrets), (flags.header ?? []).map(headerOf)),
  };
}

function httpConfig(
  flags: ConnectionFlags,
  user: string | undefined,
  secrets: ConnectionSecrets,
): HttpClientConfig {
  const { cacert, insecure = false, 'http.config.file': file } = flags;
  if (file !== undefined) {
    if (flags.user === undefined && cacert === undefined && !insecure) return readHttpConfig(file);
    throw new UserError('bad-option', '--http.config.file says what --user, --cacert and --insecure would');
  }
  const credentials = credentialsOf(user, secrets);
  return {
    ...DEFAULT_HTTP_CLIENT,
    ...(credentials && { credentials }),
    tls: {
      insecureSkipVerify: insecure,
      ...(cacert !== undefined && { ca: { kind: 'file', path: resolve(cacert) } }),
    },
  };
}

/** A header that is given replaces the one of the configuration. */
function withHeaders(
  { credentials, ...config }: HttpClientConfig,
  given: readonly (readonly [name: string, value: string])[],
): HttpClientConfig {
  const names = new Set(given.map(([name]) => name));
  return {
    ...config,
    ...(credentials && !names.has('authorization') && { credentials }),
    headers: [
      ...config.headers.filter(({ name }) => !names.has(name.toLowerCase())),
      ...given.map(([name, text]) => ({ name, values: [{ kind: 'inline', text } as const] })),
    ],
  };
}

function addressOf(text: string, flag: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.search && !url.hash) return url;
  throw new UserError('bad-option', `${flag} is not an address such as http://127.0.0.1:9090`);
}

function headerOf(text: string): [string, string] {
  const match = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n]*)$/.exec(text);
  if (match) return [match[1]!.toLowerCase(), match[2]!.trimEnd()];
  throw new UserError('bad-option', "--header is not of the form 'Name: value'");
}

function credentialsOf(
  user: string | undefined,
  { password, bearerToken }: ConnectionSecrets,
): Credentials | undefined {
  const inline = (text: string) => ({ kind: 'inline', text }) as const;
  if (user !== undefined) {
    const [username, given = password ?? ''] = user.split(/:(.*)/s);
    return { kind: 'basic', username: inline(username!), password: inline(given) };
  }
  return bearerToken ? { kind: 'other', type: 'Bearer', credentials: inline(bearerToken) } : undefined;
}
