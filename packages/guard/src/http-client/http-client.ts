import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Dispatcher, request } from 'undici';
import { UserError } from '../core/index.ts';
import type { HttpClientConfig } from './client-config.ts';
import { type Connections, createConnections } from './connections.ts';
import { redactHeaders } from './header-secrets.ts';
import { type Redact, redactError } from './redact.ts';
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

export interface HttpPost extends HttpGet {
  readonly body: string;
}

/** An answer whose body must be read or dumped. */
export interface HttpAnswer {
  readonly status: number;
  /** `404 Not Found`; without what the request kept secret, should a server say it. */
  readonly statusLine: string;
  /** The first value of a header, by its name in lower case. */
  header(name: string): string | undefined;
  /** Hides credentials and configured headers of the request in what the answer says. */
  readonly redact: Redact;
  readonly body: Readable & { dump(): Promise<void> };
}

export const isSuccess = ({ status }: Pick<HttpAnswer, 'status'>): boolean => status >= 200 && status < 300;

/** The whole body, whatever its length. */
export const textOf = ({ body }: HttpAnswer): Promise<string> => text(body);

/** A client with connections that are kept alive. */
export interface HttpClient {
  /**
   * Rejects with the signal's reason, with UserError `unreachable` that says why there was no answer,
   * `too-many-redirects`, `unreadable-secret` or `bad-certificate`. No message shows credentials or configured headers.
   */
  get(request: HttpGet): Promise<HttpAnswer>;
  /**
   * As `get`. What is posted may arrive twice: it is sent again when a kept connection turns out to be closed. A redirect
   * with 307 or 308 takes the body along, any other becomes a GET, as in Go's client.
   */
  post(request: HttpPost): Promise<HttpAnswer>;
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

  async function send(
    { url: given, headers, signal }: HttpGet,
    body: string | undefined,
  ): Promise<HttpAnswer> {
    const { url, authorization } = withoutUserinfo(given);
    const extra: Record<string, string[]> = {
      ...(authorization && { authorization: [authorization] }),
      ...(await configuredHeaders(config)),
    };
    const sent: Record<string, readonly string[]> = { ...extra };
    for (const [name, value] of Object.entries(headers)) sent[name] = [value, ...(extra[name] ?? [])];
    const first: Ask = { url, headers: sent, ...(body !== undefined && { body }) };
    const redact = redactHeaders(extra);
    try {
      return await follow(first, config.followRedirects, options =>
        ask(connections, { ...options, signal, redact }),
      );
    } catch (error) {
      throw redactError(error, redact);
    }
  }

  return {
    get: request => send(request, undefined),
    post: request => send(request, request.body),
    close: () => connections.close(),
  };
}

/** With a body it is a POST. */
interface Ask {
  readonly url: string;
  readonly headers: HeaderLists;
  readonly body?: string;
}

async function follow(
  first: Ask,
  followsRedirects: boolean,
  send: (options: Ask) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  let current = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(current);
    const url = followsRedirects ? redirectTarget(answer, current.url) : undefined;
    if (url === undefined) return answer;
    await answer.body.dump();
    if (redirects + 1 >= MAX_REDIRECTS)
      throw new UserError('too-many-redirects', `${first.url} leads on and on: ${MAX_REDIRECTS} redirects`);
    // Once they have been kept from a host they stay away, even where a later one leads back.
    const headers = staysWithin(url, first.url) ? current.headers : withoutSensitive(current.headers);
    const keepsBody = current.body !== undefined && KEEPS_BODY.has(answer.status);
    current = keepsBody ? { ...current, url, headers } : { url, headers: withoutContent(headers) };
  }
}

/** Redirects after which a POST is a POST still (net/http `redirectBehavior`). */
const KEEPS_BODY: ReadonlySet<number> = new Set([307, 308]);

const withoutContent = (headers: HeaderLists): HeaderLists =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')));

interface AskContext {
  readonly signal: AbortSignal;
  readonly redact: Redact;
}

async function ask(
  connections: Connections,
  { url, headers, body, signal, redact }: Ask & AskContext,
): Promise<HttpAnswer> {
  const dispatcher = await connections.current();
  const send = () =>
    request(url, {
      headers: headers as Record<string, string[]>,
      signal,
      dispatcher,
      ...(body !== undefined && { method: 'POST', body }),
    });
  try {
    const answer = await send().catch(error => (isStaleConnection(error) ? send() : Promise.reject(error)));
    return answerOf(answer, redact);
  } catch (error) {
    throw signal.aborted ? signal.reason : transportError(error, url, redact);
  }
}

const answerOf = (
  { statusCode, statusText, headers, body }: Dispatcher.ResponseData,
  redact: Redact,
): HttpAnswer => ({
  status: statusCode,
  get statusLine() {
    return redact(`${statusCode} ${statusText}`.trim());
  },
  redact,
  header(name) {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
  body,
});
