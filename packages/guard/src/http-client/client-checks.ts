import type { z } from 'zod';
import { TLS_VERSIONS } from './client-config.ts';
import type { HttpClientFields } from './client-schema.ts';

/** What the client sets itself, or must not be set by a configuration (prometheus/common config.ReservedHeaders). */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'user-agent',
  'www-authenticate',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-prometheus-remote-read-version',
  'x-prometheus-remote-write-version',
  'x-prometheus-scrape-timeout-seconds',
]);
/** A token of RFC 9110. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
}

/** Pairs of options that say the same thing: at most one of each may be given. */
const EXCLUSIVE: ReadonlyArray<readonly [section: keyof HttpClientFields, one: string, other: string]> = [
  ['basic_auth', 'username', 'username_file'],
  ['basic_auth', 'password', 'password_file'],
  ['authorization', 'credentials', 'credentials_file'],
  ['tls_config', 'ca', 'ca_file'],
  ['tls_config', 'cert', 'cert_file'],
  ['tls_config', 'key', 'key_file'],
];

/** Adds what is wrong with the combination of a client's options (prometheus/common HTTPClientConfig.Validate) to the issues. */
export function checkHttpClient(fields: HttpClientFields, context: z.RefinementCtx): void {
  const mistakes = [
    ...exclusive(fields),
    ...authentication(fields),
    ...certificates(fields),
    ...versions(fields),
    ...headers(fields),
  ];
  for (const { path, message } of mistakes)
    context.addIssue({ code: 'custom', path: [...path], message, input: fields });
}

const exclusive = (fields: HttpClientFields): Mistake[] =>
  EXCLUSIVE.flatMap(([section, one, other]) => {
    const given = (fields[section] ?? {}) as Readonly<Record<string, string | undefined>>;
    return given[one] && given[other]
      ? [{ path: [section, other], message: `at most one of ${one} and ${other} may be given` }]
      : [];
  });

function authentication(fields: HttpClientFields): Mistake[] {
  const ways = (['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file'] as const).filter(
    name => fields[name],
  );
  const message = `at most one of ${ways.join(' and ')} may be given`;
  const several = ways.length > 1 ? [{ path: [ways.at(-1)!], message }] : [];
  const isBasic = fields.authorization?.type?.trim().toLowerCase() === 'basic';
  return isBasic
    ? [...several, { path: ['authorization', 'type'], message: 'the type Basic is what basic_auth is for' }]
    : several;
}

function certificates({ tls_config: tls = {} }: HttpClientFields): Mistake[] {
  const hasCert = Boolean(tls.cert || tls.cert_file);
  const hasKey = Boolean(tls.key || tls.key_file);
  if (hasCert === hasKey) return [];
  const message = hasCert ? 'a certificate needs its key' : 'a key needs its certificate';
  return [{ path: ['tls_config'], message }];
}

function versions({ tls_config: tls = {} }: HttpClientFields): Mistake[] {
  const { min_version: min, max_version: max } = tls;
  if (!min || !max || TLS_VERSIONS.indexOf(min) <= TLS_VERSIONS.indexOf(max)) return [];
  return [{ path: ['tls_config', 'max_version'], message: 'max_version is older than min_version' }];
}

const headers = ({ http_headers: configured = {} }: HttpClientFields): Mistake[] =>
  Object.keys(configured).flatMap(name => {
    const path = ['http_headers', name];
    if (RESERVED_HEADERS.has(name.toLowerCase()))
      return [{ path, message: `the header ${name} is reserved` }];
    return HEADER_NAME.test(name)
      ? []
      : [{ path, message: `${JSON.stringify(name)} is not a header's name` }];
  });
