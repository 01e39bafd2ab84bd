import { UserError } from '../../core/index.ts';
import {
  type Credentials,
  configuredHeaders,
  type HttpClientConfig,
  headerSecrets,
  isOrdinaryWord,
  readSecret,
  withoutUserinfo,
} from '../../http-client/index.ts';

/**
 * Everything that is sent with a request and must not come back out of an error, or out of what the receiver echoes:
 * the address whole and by its segments, values and userinfo, headers whole and by their words, passwords.
 *
 * @throws UserError `bad-url`, `unreadable-secret`
 */
export async function requestSecrets(url: string, http: HttpClientConfig): Promise<string[]> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UserError('bad-url', 'not an http or https address');
  const { url: plain, authorization = '' } = withoutUserinfo(url);
  const headers = Object.values(await configuredHeaders(http)).flat();
  return [
    ...partsOfAddress(url),
    ...partsOfAddress(plain),
    ...[authorization, ...headers].flatMap(headerSecrets),
    ...(await passwords(http.credentials)),
  ];
}

function partsOfAddress(url: string): string[] {
  const { href, pathname, search, username, password } = new URL(url);
  const values = search
    .slice(1)
    .split('&')
    // Without a name it is all value.
    .map(pair => pair.slice(pair.indexOf('=') + 1))
    .flatMap(value => [...decodedToo(value), ...decodedToo(value.replaceAll('+', ' '))]);
  const segments = pathname.split('/').flatMap(decodedToo);
  return [
    ...[url, href, pathname + search, pathname, search].flatMap(decodedToo),
    ...[...segments, ...values].filter(part => !isOrdinaryWord(part)),
    ...[username, password].flatMap(decodedToo),
  ];
}

async function passwords(credentials: Credentials | undefined): Promise<string[]> {
  if (credentials?.kind === 'basic')
    return [await readSecret(credentials.password, 'basic_auth.password_file')];
  return credentials ? [await readSecret(credentials.credentials, 'authorization.credentials_file')] : [];
}

function decodedToo(text: string): string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    // An escape that is none stands for itself.
    return [text];
  }
}
