import type { Credentials, HttpClientConfig } from './client-config.ts';
import { readSecret } from './secrets.ts';

/** Names in lower case, each with its values in order. */
export type HeaderLists = Readonly<Record<string, readonly string[]>>;

/** Kept from hosts that a redirect leads to (net/http `shouldCopyHeaderOnRedirect`, prometheus/common `sensitiveHeadersOnRedirect`). */
const SENSITIVE = [
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
];

/**
 * The headers that a client's configuration adds. Files are read anew each time, so that a rotated secret holds.
 *
 * @throws UserError `unreadable-secret`
 */
export async function configuredHeaders(config: HttpClientConfig): Promise<Record<string, string[]>> {
  const headers: Record<string, string[]> = {};
  if (config.credentials) headers.authorization = [await authorization(config.credentials)];
  for (const { name, values } of config.headers) {
    const key = name.toLowerCase();
    if (values.length === 0) continue;
    const texts = await Promise.all(values.map(value => readSecret(value, `http_headers.${name}`)));
    headers[key] = [...(headers[key] ?? []), ...texts];
  }
  return headers;
}

async function authorization(credentials: Credentials): Promise<string> {
  if (credentials.kind === 'other')
    return `${credentials.type} ${await readSecret(credentials.credentials, 'authorization.credentials_file')}`;
  const username = await readSecret(credentials.username, 'basic_auth.username_file');
  const password = await readSecret(credentials.password, 'basic_auth.password_file');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Without what another host must not see. */
export const withoutSensitive = (headers: HeaderLists): HeaderLists =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !SENSITIVE.includes(name)));
