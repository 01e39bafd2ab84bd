import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, interceptors, request } from 'undici';
import { createSystemClock, type Milliseconds, UserError, withDeadline } from '../../core/index.ts';
import { configuredHeaders, createConnections, type Redact, redactHeaders } from '../../http-client/index.ts';
import { type ApiAnswer, answerOf, unreachable } from './api-answer.ts';
import type { Connection } from './connection.ts';

/** Parameters of a request; a list is given as often as it has values, undefined not at all. */
export type ApiParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Any server of Prometheus's HTTP API v1. */
export interface PrometheusClient {
  /** Shown to people; without credentials. */
  readonly base: string;
  /**
   * Gets `/api/v1/<path>`.
   *
   * @throws UserError `prometheus-unreachable`, `prometheus-denied`, `prometheus-bad-answer`,
   *   `prometheus-answer-too-large`; for an error that the API told, `prometheus-` and its type with dashes
   *   (`prometheus-bad-data`, `prometheus-execution`, `prometheus-timeout`, …) and the message it told
   */
  get(path: string, parameters?: ApiParameters): Promise<ApiAnswer>;
  /** As `get`, for parameters that may be long: posted as a form, and got where the server takes no posts. */
  ask(path: string, parameters: ApiParameters): Promise<ApiAnswer>;
  /** Posts bytes; gives the answer whatever its status. @throws UserError `prometheus-unreachable` */
  send(path: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<SendAnswer>;
  close(): Promise<void>;
}

export interface SendAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its beginning. */
  readonly text: string;
}

export interface ClientOptions {
  readonly connection: Connection;
  readonly signal?: AbortSignal;
  /** 256 MiB by default. */
  readonly maxAnswerBytes?: number;
}

/** As a string, an answer must stay well below what V8 holds. */
const MAX_ANSWER_BYTES = 256 << 20;
/** Of an answer that is no data: a line for each of a few thousand refused samples. */
const SENT_ANSWER_CHARACTERS = 1 << 20;
const MAX_REDIRECTS = 5;
/** Servers end queries after two minutes by default; what takes longer than this has been lost. */
const ANSWER_TIMEOUT: Milliseconds = 300_000;
const tooLate = () => new Error(`no answer within ${ANSWER_TIMEOUT / 1000} s`);

export function createPrometheusClient(options: ClientOptions): PrometheusClient {
  const { connection, signal, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const { base } = connection;
  const clock = createSystemClock();
  const connections = createConnections(connection.http.tls, undefined);
  // On the machine itself, compressing takes longer than sending.
  const encoding: Record<string, string> = isLoopback(base) ? {} : { 'accept-encoding': 'gzip' };
  const urlOf = (path: string) => `${base}/api/v1/${path}`;

  async function call(path: string, init: CallOptions): Promise<Response> {
    const url = `${urlOf(path)}${init.query ? `?${init.query}` : ''}`;
    try {
      return await withDeadline({ clock, limit: ANSWER_TIMEOUT, tooLate, ending: signal }, ending =>
        exchange(path, url, init, ending),
      );
    } catch (error) {
      if (error instanceof UserError || signal?.aborted) throw error;
      throw unreachable(urlOf(path), error);
    }
  }

  async function exchange(
    path: string,
    url: string,
    init: CallOptions,
    ending: AbortSignal,
  ): Promise<Response> {
    const dispatcher = await connections.current();
    const configured = await configuredHeaders(connection.http);
    const redact = redactHeaders(configured);
    const { statusCode, headers, body } = await request(url, {
      method: init.method,
      headers: {
        accept: 'application/json',
        ...encoding,
        ...configured,
        ...init.headers,
      },
      ...(init.body !== undefined && { body: init.body }),
      signal: ending,
      dispatcher: dispatcher.compose(redirects(connection.http.followRedirects)),
    });
    return {
      status: statusCode,
      headers,
      redact,
      text: await readText(plain(body, headers), urlOf(path), maxAnswerBytes),
    };
  }

  const get = (path: string, query: URLSearchParams) => call(path, { method: 'GET', query: String(query) });

  async function ask(path: string, query: URLSearchParams): Promise<Response> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await call(path, { method: 'POST', headers, body: String(query) });
    return posted.status === 405 || posted.status === 501 ? get(path, query) : posted;
  }

  return {
    base,
    get: async (path, parameters = {}) => judge(urlOf(path), await get(path, searchOf(parameters))),
    ask: async (path, parameters) => judge(urlOf(path), await ask(path, searchOf(parameters))),
    async send(path, body, sent) {
      const { status, headers, text, redact } = await call(path, { method: 'POST', headers: sent, body });
      return {
        status,
        headers,
        text: status < 400 ? text.slice(0, SENT_ANSWER_CHARACTERS) : shown(text, redact),
      };
    },
    close: () => connections.close(),
  };
}

const redirects = (follows: boolean) =>
  interceptors.redirect({ maxRedirections: follows ? MAX_REDIRECTS : 0 });

const isLoopback = (url: string) => /^(?:localhost|127\..*|\[::1\])$/.test(new URL(url).hostname);

interface CallOptions {
  readonly method: Dispatcher.HttpMethod;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface Response {
  readonly status: number;
  readonly headers: SendAnswer['headers'];
  /** Hides credentials and configured headers of the request. */
  readonly redact: Redact;
  readonly text: string;
}

/** As `answerOf`; what errors quote of an answer does not show what was sent in secret. */
function judge(url: string, { status, text, redact }: Response): ApiAnswer {
  try {
    return answerOf(url, { status, text });
  } catch {
    return answerOf(url, { status, text: shown(text, redact) });
  }
}

const shown = (text: string, redact: Redact) => redact(text.slice(0, SENT_ANSWER_CHARACTERS));

function searchOf(parameters: ApiParameters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of value === undefined ? [] : [value].flat()) search.append(name, one);
  }
  return search;
}

/** A failure of either stream ends both, and is thrown to the reader. */
const plain = (body: Readable, headers: SendAnswer['headers']): Readable =>
  headers['content-encoding'] === 'gzip' ? pipeline(body, createGunzip(), () => undefined) : body;

async function readText(body: AsyncIterable<unknown>, url: string, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > limit)
      throw new UserError('prometheus-answer-too-large', `${url} answers more than ${limit} bytes`, {
        remedy: 'ask for fewer series, a shorter time or a longer step',
      });
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
