import { type OutgoingHttpHeaders, request as sendRequest } from 'node:http';

/** One request, told to the last byte. */
export interface ApiRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly allow: string | undefined;
  readonly text: string;
}

/** A request that both servers get, and what of the answers must agree. */
export interface ApiCase {
  readonly name: string;
  readonly request: ApiRequest;
  /** Reduces a body, parsed where it is JSON, to what must agree; the whole body by default. */
  readonly view?: (body: Json) => unknown;
  /** A difference that is meant. */
  readonly ours?: MeantDifference;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into freely
export type Json = any;

/** What our side answers instead, and why. */
export interface MeantDifference {
  readonly why: string;
  readonly status: number;
  /** The error's text, or a part of the body. */
  readonly text: string | RegExp;
}

type Params = Readonly<Record<string, string | readonly string[]>>;

const encoded = (params: Params) =>
  new URLSearchParams(
    Object.entries(params).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    ),
  ).toString();

type Details = Pick<ApiCase, 'view' | 'ours'>;

const shown = (text: string) => (text.length > 110 ? `${text.slice(0, 100)}… (${text.length})` : text);

/** Any request. */
export function raw(method: string, path: string, rest: Partial<ApiRequest> & Details = {}): ApiCase {
  const { headers = {}, body, view, ours } = rest;
  const heads = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return {
    name: [method, shown(path), ...heads, ...(body === undefined ? [] : [JSON.stringify(shown(body))])].join(
      ' ',
    ),
    request: { method, path, headers, ...(body !== undefined && { body }) },
    ...(view && { view }),
    ...(ours && { ours }),
  };
}

const API = '/api/v1/';

/** GET of an endpoint of the API. */
export const get = (endpoint: string, params: Params = {}, details: Details = {}): ApiCase =>
  raw('GET', `${API}${endpoint}${Object.keys(params).length > 0 ? `?${encoded(params)}` : ''}`, details);

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** POST of a form to an endpoint of the API. */
export const post = (endpoint: string, params: Params, details: Details = {}): ApiCase =>
  raw('POST', API + endpoint, { headers: FORM, body: encoded(params), ...details });

/** One request per value of a parameter. */
export const each = (
  endpoint: string,
  params: Params,
  name: string,
  values: readonly string[],
  details: Details = {},
): ApiCase[] => values.map(value => get(endpoint, { ...params, [name]: value }, details));

/** Asks a server. `address` is host and port. */
export function ask(address: string, { method, path, headers, body }: ApiRequest): Promise<ApiAnswer> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = sendRequest(
      { host, port, method, path, headers: { ...headers, ...length }, agent: false },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'],
            allow: response.headers.allow,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const isJson = ({ type }: ApiAnswer) => type?.startsWith('application/json') ?? false;

/** What of an answer must agree. */
export function comparable(answer: ApiAnswer, view: ApiCase['view']) {
  const { status, type, allow, text } = answer;
  const body = isJson(answer) ? inOrder(JSON.parse(text)) : text;
  // Go writes `; charset=utf-8` in other places than we do, and both mean the same; no body is of no type.
  const contentType = text === '' ? undefined : type?.split(';')[0];
  return { status, contentType, allow, body: view ? view(body) : body };
}

/** Remarks, and the series of a vector, come in an order that Prometheus leaves to chance. */
function inOrder(body: Json): Json {
  const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  body.warnings?.sort();
  body.infos?.sort();
  if (body.data?.resultType === 'vector') body.data.result.sort(byText);
  return body;
}
