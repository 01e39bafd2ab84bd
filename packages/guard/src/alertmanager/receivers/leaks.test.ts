import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedact } from '../../http-client/index.ts';
import { expectHidden, publishedBy, secret, WRITINGS } from './leaks.testing.ts';

/** Everything that a request tells a receiver, in pieces: what an echo may be made of. */
type Piece = (request: IncomingMessage, body: string) => string | undefined;
const url = ({ url = '' }: IncomingMessage) => new URL(url, 'http://receiver');
const basicOf = ({ headers }: IncomingMessage) =>
  Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString();

const PIECES = {
  'the address': request => `http://${request.headers.host}${request.url}`,
  'path and query': request => request.url,
  'the path': request => url(request).pathname,
  'the last segment': request => url(request).pathname.split('/').at(-1),
  'the last segment, decoded': request => decodeURIComponent(url(request).pathname.split('/').at(-1)!),
  'the query': request => url(request).search,
  'a value of the query': request => url(request).searchParams.get('key') ?? '',
  'a value of the query, as sent': request => /key=([^&]*)/.exec(request.url ?? '')?.[1],
  'a header': request => String(request.headers['x-key']),
  authorization: request => request.headers.authorization,
  'authorization without its scheme': request => request.headers.authorization?.split(' ')[1],
  'user and password': basicOf,
  password: request => basicOf(request).replace(/^[^:]*:/, ''),
  'the body': (_, body) => body,
  'the routing key': (_, body) => JSON.parse(body).routing_key,
} satisfies Record<string, Piece>;

/** Where secrets are put, and what a receiver may echo of it. */
interface Place {
  readonly config: (host: string, secret: string) => string;
  readonly pieces: readonly (keyof typeof PIECES)[];
}
const webhook = (address: string, http = '{}') =>
  `webhook_configs: [{ url: ${JSON.stringify(address)}, http_config: ${http} }]`;
const bearer = (text: string) =>
  `{ authorization: { credentials: ${JSON.stringify(encodeURIComponent(text))} } }`;
const BASIC = ['authorization', 'authorization without its scheme', 'user and password', 'password'] as const;
const ADDRESS = ['the address', 'path and query'] as const;
const SEGMENT = ['the path', 'the last segment', 'the last segment, decoded'] as const;

const PLACES: Readonly<Record<string, Place>> = {
  'a segment': {
    config: (host, text) => webhook(`http://${host}/hook/${encodeURIComponent(text)}`),
    pieces: [...ADDRESS, ...SEGMENT],
  },
  'a value of the query': {
    config: (host, text) => webhook(`http://${host}/hook?v=2&key=${encodeURIComponent(text)}`),
    pieces: [...ADDRESS, 'the query', 'a value of the query', 'a value of the query, as sent'],
  },
  'user and password of the address': {
    config: (host, text) => webhook(`http://me:${encodeURIComponent(text)}@${host}/hook`),
    pieces: BASIC,
  },
  'basic authentication': {
    config: (host, text) =>
      webhook(`http://${host}/`, `{ basic_auth: { username: me, password: ${JSON.stringify(text)} } }`),
    pieces: BASIC,
  },
  'a bearer token': {
    config: (host, text) => webhook(`http://${host}/`, bearer(text)),
    pieces: ['authorization', 'authorization without its scheme'],
  },
  'a header': {
    config: (host, text) =>
      webhook(
        `http://${host}/`,
        `{ http_headers: { X-Key: { secrets: [${JSON.stringify(encodeURIComponent(text))}] } } }`,
      ),
    pieces: ['a header'],
  },
  'a webhook of Slack': {
    config: (host, text) =>
      `slack_configs: [{ channel: c, api_url: ${JSON.stringify(`http://${host}/services/${encodeURIComponent(text)}`)} }]`,
    pieces: [...ADDRESS, ...SEGMENT],
  },
  'a token of Slack': {
    config: (host, text) =>
      `slack_configs: [{ channel: c, api_url: 'http://${host}/api/chat.postMessage', http_config: ${bearer(text)} }]`,
    pieces: ['authorization', 'authorization without its scheme'],
  },
  'a key of PagerDuty': {
    config: (host, text) =>
      `pagerduty_configs: [{ url: 'http://${host}/', routing_key: ${JSON.stringify(text)} }]`,
    pieces: ['the body', 'the routing key'],
  },
};

let echo: (request: IncomingMessage, body: string) => { status: number; text: string; type: string };
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { status, text, type } = echo(request, body);
  response.writeHead(status, { 'content-type': type }).end(text);
});
let host: string;
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise(resolve => server.close(resolve));
});

describe('nothing that people see holds a secret of a receiver', () => {
  it.each(Object.entries(PLACES))('in %s, whatever it echoes', { timeout: 60_000 }, async (_, place) => {
    let quoted = 0;
    const property = fc.asyncProperty(
      secret,
      fc.constantFrom(...place.pieces),
      fc.constantFrom(...Object.values(WRITINGS)),
      fc.constantFrom(200, 400, 500),
      fc.boolean(),
      async (text, piece, write, status, asJson) => {
        echo = (request, body) => {
          const answer = write((PIECES[piece] as Piece)(request, body) ?? 'nothing');
          return asJson
            ? { status, type: 'application/json', text: JSON.stringify({ message: answer, error: answer }) }
            : { status, type: 'text/plain', text: answer };
        };
        const published = await publishedBy(place.config(host, text));
        if (published.includes('<secret>')) quoted++;
        expectHidden(published, text);
      },
    );
    await fc.assert(property, { numRuns: 60 });
    expect(quoted).toBeGreaterThan(0);
  });
});

describe('hiding', () => {
  it.each(Object.keys(WRITINGS))('finds what is written as: %s', writing => {
    fc.assert(
      fc.property(secret, text => {
        const write = WRITINGS[writing]!;
        const hidden = createRedact(() => [text])(`before ${write(text)} after`);
        expect(hidden).toMatch(/^before .*<secret>.* after$/s);
        expect(hidden).not.toContain(write(text).slice(2, -4));
      }),
    );
  });

  it('leaves everything else as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const whole = text.toWellFormed();
        expect(createRedact(() => ['nothing of the kind'])(whole)).toBe(whole);
        expect(createRedact(() => ['s3cret'])(`${whole}|s3cret|${whole}`)).toBe(`${whole}|<secret>|${whole}`);
      }),
    );
  });

  it('takes what overlaps as one, and words that are too short for none', () => {
    expect(createRedact(() => ['abcdef', 'defghi', 'v2', ''])('/abcdefghi/v2')).toBe('/<secret>/v2');
    expect(createRedact(() => ['abcd'])('abcdabcd abcd')).toBe('<secret> <secret>');
  });
});
