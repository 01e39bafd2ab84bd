import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../core/index.ts';

/** How to reach a server, as the command line gives it. */
export interface ConnectionFlags {
  readonly url: string;
  /** `Name: value`, each sent with every request. */
  readonly header?: readonly string[];
  /** `name` or `name:password`. */
  readonly user?: string | undefined;
  /** Path of a PEM file that is trusted beside the system's authorities. */
  readonly cacert?: string | undefined;
  readonly insecure?: boolean;
}

/** Secrets come from here, since a process list shows every command line. */
export interface ConnectionSecrets {
  readonly password?: string | undefined;
  readonly bearerToken?: string | undefined;
}

export interface Connection {
  /** Without credentials and without the slash at the end: API paths are appended, and people are shown it. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: { readonly ca?: string; readonly rejectUnauthorized: boolean };
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

/** @throws UserError `bad-option`, naming the flag and never a secret */
export function connectionOf(flags: ConnectionFlags, secrets: ConnectionSecrets): Connection {
  const url = addressOf(flags.url);
  const inUrl =
    url.username === '' ? undefined : [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  return {
    base: url.href.replace(/\/+$/, ''),
    headers: {
      ...authorization(flags.user ?? inUrl, secrets),
      ...Object.fromEntries((flags.header ?? []).map(headerOf)),
    },
    tls: {
      rejectUnauthorized: flags.insecure !== true,
      ...(flags.cacert !== undefined && { ca: certificateOf(flags.cacert) }),
    },
  };
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.search && !url.hash) return url;
  throw new UserError(
    'bad-option',
    '--url (or the variable PROMETHEUS_URL) is not an address such as http://127.0.0.1:9090',
  );
}

function headerOf(text: string): [string, string] {
  const match = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n]*)$/.exec(text);
  if (match) return [match[1]!.toLowerCase(), match[2]!.trimEnd()];
  throw new UserError('bad-option', "--header is not of the form 'Name: value'");
}

function authorization(
  user: string | undefined,
  { password, bearerToken }: ConnectionSecrets,
): Record<string, string> {
  if (user !== undefined) {
    const credentials = user.includes(':') ? user : `${user}:${password ?? ''}`;
    return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  }
  return bearerToken ? { authorization: `Bearer ${bearerToken}` } : {};
}

function certificateOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError('bad-option', `--cacert: ${messageOf(error)}`);
  }
}
