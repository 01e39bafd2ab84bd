import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { UserError } from '../core/index.ts';
import type { HttpClientConfig } from './client-config.ts';
import { type Connections, createConnections } from './connections.ts';
import { redirectTarget, staysWithin } from './redirects.ts';
import { configuredHeaders, type HeaderLists, withoutSensitive } from './request-headers.ts';
import { isStaleConnection, transportError } from './transport-error.ts';
import { withoutUserinfo } from './userinfo.ts';

/** What to get. */
export interface HttpGet {
  readonly url: string;
  /** Names in lower case. Those of the configuration are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An answer whose body must be read or dumped. */
export interface HttpAnswer {
  readonly status: number;
  /** `404 Not Found` */
  readonly statusLine: string;
  /** The first value of a header, by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: Readable & { dump(): Promise<void> };
}

/** A client with connections that are kept alive. */
export interface HttpClient {
  /**
   * Rejects with the signal's reason, with UserError `unreachable` that says why there was no answer,
   * `too-many-redirects`, `unreadable-secret` or `bad-certificate`.
   */
  get(request: HttpGet): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  readonly config: HttpClientConfig;
  /** Connect to this socket whatever the address says. */
  readonly unixSocket?: string;
}

/** As many as Go's client follows. */
const MAX_REDIRECTS = 10;

/** An HTTP/1.1 client as a Prometheus configuration describes one. */
export function createHttpClient({ config, unixSocket }: HttpClientOptions): HttpClient {
  const connections = createConnections(config.tls, unixSocket);
  return {
    async get({ url: given, headers, signal }) {
      const { url, authorization } = withoutUserinfo(given);
      const extra: Record<string, string[]> = {
        ...(authorization && { authorization: [authorization] }),
        ...(await configuredHeaders(config)),
      };
      const sent: Record<string, readonly string[]> = { ...extra };
      for (const [name, value] of Object.entries(headers)) sent[name] = [value, ...(extra[name] ?? [])];
      return follow(url, sent, config.followRedirects, options => ask(connections, { ...options, signal }));
    },
    close: () => connections.close(),
  };
}

interface Ask {
  readonly url: string;
  readonly headers: HeaderLists;
}

async function follow(
  from: string,
  headers: HeaderLists,
  followsRedirects: boolean,
  get: (options: Ask) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  let url = from;
  let sent = headers;
  for (let redirects = 0; ; redirects++) {
    const answer = await get({ url, headers: sent });
    const next = followsRedirects ? redirectTarget(answer, url) : undefined;
    if (next === undefined) return answer;
    await answer.body.dump();
    if (redirects + 1 >= MAX_REDIRECTS)
      throw new UserError('too-many-redirects', `${from} leads on and on: ${MAX_REDIRECTS} redirects`);
    // Once they have been kept from a host they stay away, even where a later one leads back.
    if (!staysWithin(next, from)) sent = withoutSensitive(sent);
    url = next;
  }
}

async function ask(connections: Connections, { url, headers, signal }: Ask & { signal: AbortSignal }) {
  const dispatcher = await connections.current();
  const get = () => request(url, { headers: headers as Record<string, string[]>, signal, dispatcher });
  try {
    return answerOf(await get().catch(error => (isStaleConnection(error) ? get() : Promise.reject(error))));
  } catch (error) {
    throw signal.aborted ? signal.reason : transportError(error, url);
  }
}

const answerOf = ({ statusCode, statusText, headers, body }: Dispatcher.ResponseData): HttpAnswer => ({
  status: statusCode,
  statusLine: `${statusCode} ${statusText}`.trim(),
  header(name) {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
  body,
});
